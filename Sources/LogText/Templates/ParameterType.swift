/// What a variable part of a line is, judged by its form.
public enum ParameterType: String, Sendable, CaseIterable {
  case number
  /// A number with a unit of time.
  case duration
  /// A number with a unit of bytes.
  case size
  case hexadecimal = "hex"
  case uuid
  /// An IPv4 or IPv6 address, with its prefix length if it has one; a list of addresses.
  case address = "ip"
  /// The port behind an address, a host or another value.
  case port
  case mac
  case path
  case url
  /// A host's name, or an e-mail address.
  case host
  case timestamp
  /// `true` or `false`.
  case boolean
  /// Text in quotes.
  case quoted
  /// Letters and digits that name one thing among many.
  case identifier
  /// A word, variable because lines differ in it.
  case word
}
