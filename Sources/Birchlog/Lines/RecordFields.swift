import LogText

/// The fields of the first records of an input, for messages on its session key.
struct RecordFields {
  private(set) var names: [String] = []
  /// The field in most of whose values the expression of the key finds one.
  private(set) var keyed: String?

  private static let recordLimit = 64
  private static let nameLimit = 32

  /// No records, or records without fields.
  init() {}

  /// - Parameters:
  ///   - head: the first bytes of the input.
  ///   - pattern: the expression of the key; nil where a field is to have it.
  init(
    _ head: UnsafeRawBufferPointer, format: InputFormat, names: FieldNames, pattern: String?
  ) {
    guard format == .jsonLines || format == .journal || format == .structuredCSV else { return }
    var names = names
    names.key = nil
    guard
      let records = try? TextReader(
        LineSource(bytes: head, name: "the input"), format: format, names: names)
    else { return }
    let finder = pattern.flatMap { try? SessionKeyPattern($0).makeFinder() }
    var keys: [String: Int] = [:]
    var count = 0
    records.keepsFields = true
    while count < Self.recordLimit, let record = try? records.next(), record.lineCount > 0 {
      count += 1
      for field in records.fields {
        if !self.names.contains(field.name) { self.names.append(field.name) }
        let holdsKey = field.value.withUnsafeBytes { finder?.keys(in: $0).isEmpty == false }
        if holdsKey { keys[field.name, default: 0] += 1 }
      }
    }
    let best = self.names.max { keys[$0, default: 0] < keys[$1, default: 0] }
    if let best, 2 * keys[best, default: 0] > count { keyed = best }
  }

  /// The names in a sentence of their own; empty where there are none.
  var sentence: String {
    names.isEmpty
      ? "" : " The fields there are: \(names.prefix(Self.nameLimit).joined(separator: ", "))."
  }

  /// What helps where no line has a key: what `option`, which says where it is, may be, or the field that has it.
  func cure(_ option: String) -> String {
    if let keyed { return "the field \(keyed) has it: give \"session_field\": \"\(keyed)\"" }
    guard !names.isEmpty, option == "session" else { return "correct \"\(option)\"" }
    return "correct \"session\", or give \"session_field\" where a field has the key"
  }
}
