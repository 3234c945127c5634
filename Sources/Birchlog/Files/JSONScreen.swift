/// Looks a JSON text over before json-c builds it.
///
/// json-c's strict mode still takes NaN, Infinity, `1.` and raw control characters, cuts a key at
/// U+0000 and clamps whole numbers beyond 64 bits; and an empty object of three bytes costs it
/// some 800 in memory. A hostile text is refused here, in one pass and without an allocation.
/// What is left to json-c is the grammar.
struct JSONScreen {
  /// Memory that json-c 0.16 takes, in bytes: measured, rounded up.
  private static let objectCost = 800
  private static let arrayCost = 160
  private static let valueCost = 64
  private let bytes: [UInt8]
  private let budget: Int
  private var position = 0
  private var cost = 0
  private var previousKeyHasNUL = false

  private init(_ bytes: [UInt8], budget: Int) {
    self.bytes = bytes
    self.budget = budget
  }

  /// Memory in bytes that a text of a length may cost beyond its strings: 48 times the length and
  /// 1 MiB, which no ordinary document comes near, but never more than 512 MiB.
  static func ordinaryBudget(length: Int) -> Int { min(1 << 20 + 48 * length, 512 << 20) }

  /// What is wrong with a text, and where; nil when nothing is.
  static func complaint(about bytes: [UInt8], budget: Int) -> String? {
    var screen = JSONScreen(bytes, budget: budget)
    guard let reason = screen.scan() else { return nil }
    return "\(reason) at byte \(screen.position)."
  }

  private mutating func scan() -> String? {
    while position < bytes.count {
      let reason: String?
      switch bytes[position] {
      case UInt8(ascii: "\""): reason = scanString()
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): reason = scanNumber()
      case UInt8(ascii: "{"): reason = pass(costing: Self.objectCost)
      case UInt8(ascii: "["): reason = pass(costing: Self.arrayCost)
      case UInt8(ascii: ","): reason = pass(costing: Self.valueCost)
      case UInt8(ascii: ":"):
        reason = previousKeyHasNUL ? "a key that holds U+0000" : pass(costing: Self.valueCost)
      case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        0x20, 0x09, 0x0a, 0x0d:
        reason = pass(costing: 0)
      default: reason = "an unexpected character"
      }
      if let reason { return reason }
    }
    return nil
  }

  private mutating func pass(costing amount: Int) -> String? {
    cost += amount
    guard cost <= budget else { return "too many values" }
    position += 1
    return nil
  }

  private mutating func scanString() -> String? {
    previousKeyHasNUL = false
    position += 1
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return nil
      case UInt8(ascii: "\\"):
        if bytes[position...].starts(with: Self.escapedNUL) { previousKeyHasNUL = true }
        position += 2
      case 0..<0x20: return "a control character inside a string"
      default: position += 1
      }
    }
    position = bytes.count
    return "a string without an end"
  }

  private static let escapedNUL = Array("\\u0000".utf8)

  /// A whole number has to fit 64 bits; a fraction needs digits. The rest of its form json-c
  /// checks.
  private mutating func scanNumber() -> String? {
    let start = position
    let isNegative = bytes[position] == UInt8(ascii: "-")
    if isNegative { position += 1 }
    var whole: Int64 = 0
    var overflows = false
    while position < bytes.count, let digit = Self.digit(bytes[position]) {
      let (tenfold, overflow) = whole.multipliedReportingOverflow(by: 10)
      let (sum, carry) =
        isNegative
        ? tenfold.subtractingReportingOverflow(digit) : tenfold.addingReportingOverflow(digit)
      whole = sum
      overflows = overflows || overflow || carry
      position += 1
    }
    let isFraction = position < bytes.count && bytes[position] == UInt8(ascii: ".")
    if isFraction {
      position += 1
      guard position < bytes.count, Self.digit(bytes[position]) != nil else {
        return "a fraction without digits"
      }
      while position < bytes.count, Self.digit(bytes[position]) != nil { position += 1 }
    }
    let hasExponent =
      position < bytes.count && bytes[position] | 0x20 == UInt8(ascii: "e")
    if hasExponent {
      position += 1
      if position < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[position]) {
        position += 1
      }
      while position < bytes.count, Self.digit(bytes[position]) != nil { position += 1 }
    }
    guard isFraction || hasExponent || !overflows else {
      position = start
      return "a whole number beyond 64 bits"
    }
    return nil
  }

  private static func digit(_ byte: UInt8) -> Int64? {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? Int64(byte &- UInt8(ascii: "0")) : nil
  }
}
