import FoundationEssentials

/// Collects options into the one JSON object that the library takes.
struct OptionsText {
  private var entries: [(key: String, json: String)] = []

  /// The object as text, or nil when nothing was set.
  var json: String? {
    guard !entries.isEmpty else { return nil }
    return "{" + entries.map { Self.quoted($0.key) + ":" + $0.json }.joined(separator: ",") + "}"
  }

  /// Sets `key` to a text when there is one.
  mutating func set(_ key: String, _ value: String?) {
    if let value { entries.append((key, Self.quoted(value))) }
  }

  /// Sets `key` to a whole number when there is one.
  mutating func set(_ key: String, _ value: Int?) {
    if let value { entries.append((key, String(value))) }
  }

  /// Sets `key` to a number when there is one.
  mutating func set(_ key: String, _ value: Double?) {
    if let value { entries.append((key, "\(value)")) }
  }

  /// Sets `key` to a truth value.
  mutating func set(_ key: String, _ value: Bool) {
    entries.append((key, value ? "true" : "false"))
  }

  /// Sets `key` to a list of texts when there is one.
  mutating func set(_ key: String, _ values: [String]) {
    guard !values.isEmpty else { return }
    entries.append((key, "[" + values.map(Self.quoted).joined(separator: ",") + "]"))
  }

  /// Sets `key` to a list of lists of texts when there is one.
  mutating func set(_ key: String, groups: [[String]]) {
    guard !groups.isEmpty else { return }
    let lists = groups.map { "[" + $0.map(Self.quoted).joined(separator: ",") + "]" }
    entries.append((key, "[" + lists.joined(separator: ",") + "]"))
  }

  /// Sets what `--option key=value` says; a value that is JSON stays what it is, anything else is text.
  mutating func add(_ assignments: [String]) throws {
    for assignment in assignments {
      guard let equals = assignment.firstIndex(of: "="), equals > assignment.startIndex else {
        throw CommandFailure(
          .usage,
          "--option '\(assignment)' is not of the form key=value, such as --option epochs=20.")
      }
      let key = String(assignment[..<equals])
      guard !entries.contains(where: { $0.key == key }) else {
        throw CommandFailure(.usage, "The option '\(key)' is given twice; give it once.")
      }
      let value = String(assignment[assignment.index(after: equals)...])
      entries.append((key, Self.isJSON(value) ? value : Self.quoted(value)))
    }
  }

  /// `text` as a JSON string.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{00}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private static func isJSON(_ value: String) -> Bool {
    if ["true", "false", "null"].contains(value) { return true }
    if value.hasPrefix("[") || value.hasPrefix("{") || value.hasPrefix("\"") { return true }
    return (try? JSONDecoder().decode(Double.self, from: Data(value.utf8))) != nil
  }
}
