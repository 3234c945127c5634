/// What a variable part of a line is, judged by its form.
public enum ParameterType: String, Sendable, CaseIterable {
  case number
  /// A number with a unit of time.
  case duration
  /// A number with a unit of bytes.
  case size
  case hexadecimal
  case uuid
  /// An IPv4 or IPv6 address, with its port or prefix length if it has one.
  case address
  case mac
  case path
  case url
  /// A host's name, or an e-mail address.
  case host
  case timestamp
  /// Text in quotes.
  case quoted
  /// Letters and digits that name one thing among many.
  case identifier
  /// A word, variable because lines differ in it.
  case word
}
