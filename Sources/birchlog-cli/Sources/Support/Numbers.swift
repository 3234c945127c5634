import Glibc

/// Numbers as people read them.
enum Numbers {
  /// `value` with `digits` decimals; "–" when there is none.
  static func fixed(_ value: Double?, _ digits: Int = 2) -> String {
    guard let value, value.isFinite else { return "–" }
    var buffer = [CChar](repeating: 0, count: 400)
    let length = withVaList([Int32(digits), value]) {
      vsnprintf(&buffer, buffer.count, "%.*f", $0)
    }
    guard length > 0, length < buffer.count else { return "\(value)" }
    return String(decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Two values with as many decimals, at least `digits`, as it takes to tell them apart.
  static func apart(_ value: Double?, _ other: Double?, _ digits: Int = 1) -> (String, String) {
    let telling =
      (digits...(digits + 3)).first { fixed(value, $0) != fixed(other, $0) } ?? digits
    return (fixed(value, telling), fixed(other, telling))
  }

  /// A share from 0 to 1 as a percentage.
  static func percent(_ share: Double?, _ digits: Int = 1) -> String {
    guard let share, share.isFinite else { return "–" }
    return fixed(share * 100, digits) + " %"
  }

  /// A probability: a percentage, or a power of ten where that would read 0.
  static func probability(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    if value > 0, value < 0.001 {
      return "1 in " + grouped(value < 1e-15 ? Int.max : Int((1 / value).rounded()))
    }
    return percent(value, 1)
  }

  /// A whole number with thin groups of three, as in 12,345.
  static func grouped(_ value: Int?) -> String {
    guard let value else { return "–" }
    if value >= 1_000_000_000_000_000 { return "more than 10^15" }
    var digits = Array(String(value.magnitude))
    var position = digits.count - 3
    while position > 0 {
      digits.insert(",", at: position)
      position -= 3
    }
    return (value < 0 ? "-" : "") + String(digits)
  }

  /// "1 session", "3 sessions".
  static func count(_ value: Int, _ noun: String) -> String {
    "\(grouped(value)) \(noun)\(value == 1 ? "" : "s")"
  }
}
