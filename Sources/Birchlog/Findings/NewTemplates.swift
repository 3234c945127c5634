import LogText

/// The templates of events that training never saw, for the findings that hold them.
///
/// A stream forgets such templates in the end, and a model never has them; the findings of one poll
/// share theirs.
struct NewTemplates: Sendable {
  /// Bytes of a template that are kept: a new line may be long, and no other has yet shown which of
  /// its parts vary.
  static let byteLimit = 1_024

  private var texts: [Int32: String] = [:]

  /// - Parameters:
  ///   - first: the lowest event that training did not see.
  ///   - template: finds the template of such an event; nil when it is forgotten.
  init(of findings: [Finding], from first: Int32, template: (Int32) -> Template?) {
    for finding in findings {
      for event in finding.unit.unit.events where event >= first { add(event, template) }
      if case .event(let next) = finding.unit.unit.tail, next >= first { add(next, template) }
    }
  }

  /// None, where lines have no templates.
  init() {}

  var isEmpty: Bool { texts.isEmpty }

  subscript(event: Int32) -> String? { texts[event] }

  private mutating func add(_ event: Int32, _ template: (Int32) -> Template?) {
    guard texts[event] == nil, let found = template(event) else { return }
    texts[event] = Self.shortened(found.text)
  }

  private static func shortened(_ text: String) -> String {
    guard text.utf8.count > byteLimit else { return text }
    var end = text.utf8.index(text.startIndex, offsetBy: byteLimit)
    while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
      end = text.utf8.index(before: end)
    }
    return text[..<end] + "…"
  }
}

extension Finding {
  /// The template of an event, of one that training never saw too.
  func template(of event: Int32) -> String {
    newTemplates[event] ?? model.lines.template(of: event)
  }
}
