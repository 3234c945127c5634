/// One part of the header that stands before the text of every line.
public enum HeaderElement: Sendable, Hashable {
  /// A time in this form, bare or in brackets or quotes.
  case timestamp(TimestampPattern)
  /// A time in this form as a field, `time=…` or `ts="…"`.
  case timeField(TimestampPattern)
  /// A time in this form as a field somewhere in the rest of the line, which stays as it is.
  case timeAmongFields(TimestampPattern)
  /// A word or letter for the severity, bare or in brackets.
  case level
  /// Something in balanced brackets: a thread, a process, a request.
  case bracketed
  /// A whole number: a process or thread.
  case number
  /// A separator that stands alone: `-`, `|`, `:`, `---`.
  case dash
  /// A name that ends in a colon, with a process in brackets or a version perhaps.
  case component
  /// A name of up to three words before a dash that stands alone.
  case title
  /// A word that blanks fill up to the width of a column.
  case padded
  /// Any one word.
  case field
  /// Whatever stands before the next `|`.
  case column

  /// How the time that the element is, if it is one, is written.
  var timePattern: TimestampPattern? {
    switch self {
    case .timestamp(let pattern), .timeField(let pattern), .timeAmongFields(let pattern): pattern
    default: nil
    }
  }

  var isTimeField: Bool {
    if case .timeField = self { true } else { false }
  }

  /// The element's name in a stored layout.
  var name: String {
    switch self {
    case .timestamp(let pattern): "time(" + pattern.text + ")"
    case .timeField(let pattern): "time=(" + pattern.text + ")"
    case .timeAmongFields(let pattern): "…time=(" + pattern.text + ")"
    case .level: "level"
    case .bracketed: "bracketed"
    case .number: "number"
    case .dash: "dash"
    case .component: "component"
    case .title: "title"
    case .padded: "padded"
    case .field: "field"
    case .column: "column"
    }
  }

  /// The element of that name, or nil.
  init?(name: String) {
    let simple: [HeaderElement] = [
      .level, .bracketed, .number, .dash, .component, .title, .padded, .field, .column,
    ]
    if let element = simple.first(where: { $0.name == name }) {
      self = element
    } else if let pattern = Self.pattern(of: name, behind: "time(") {
      self = .timestamp(pattern)
    } else if let pattern = Self.pattern(of: name, behind: "time=(") {
      self = .timeField(pattern)
    } else if let pattern = Self.pattern(of: name, behind: "…time=(") {
      self = .timeAmongFields(pattern)
    } else {
      return nil
    }
  }

  private static func pattern(of name: String, behind prefix: String) -> TimestampPattern? {
    guard name.hasPrefix(prefix), name.hasSuffix(")") else { return nil }
    let text = name.dropFirst(prefix.count).dropLast()
    return text.utf8.count <= TimestampPattern.longest ? TimestampPattern(String(text)) : nil
  }
}
