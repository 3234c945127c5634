import CBirchlog

/// One of the library's options.
struct OptionDocument: Decodable {
  let key: String
  let expected: String
  let `default`: Value?
  /// A classification takes it too.
  let classification: Bool

  /// A default as text.
  enum Value: Decodable {
    case text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self = .text(text)
      } else if let flag = try? container.decode(Bool.self) {
        self = .text(flag ? "true" : "false")
      } else if let number = try? container.decode(Double.self) {
        let isWhole = number == number.rounded() && abs(number) < 1e15
        self = .text(isWhole ? "\(Int(number))" : "\(number)")
      } else {
        let numbers = try container.decode([Double].self)
        self = .text("[" + numbers.map { "\($0)" }.joined(separator: ", ") + "]")
      }
    }

    var text: String {
      switch self {
      case .text(let text): text
      }
    }
  }

  /// The table as JSON.
  static var json: String { String(cString: birchlog_option_table()) }

  /// Every option, in the table's order.
  static func all() throws -> [OptionDocument] {
    try Documents.decode([OptionDocument].self, from: json)
  }

  /// What `--option` may begin with, for a shell to complete.
  static var assignments: [String] { ((try? all()) ?? []).map { $0.key + "=" } }
}
