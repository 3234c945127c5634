import LogText

/// A point in time as people and programs read it.
enum CalendarTime {
  /// Milliseconds since 1970 as ISO 8601 in UTC, such as `2008-11-09T20:36:15.148Z`; what the log leaves
  /// open becomes 1970-01-01, or 1972 (``TimeLack``).
  ///
  /// Years outside 0 to 9999 become the nearest of those.
  static func text(_ milliseconds: Int64) -> String {
    let bounded = min(
      max(TimeLack.customary(milliseconds), -62_167_219_200_000), 253_402_300_799_999)
    let days = bounded.floored(by: 86_400_000)
    let rest = bounded - days * 86_400_000
    let (year, month, day) = date(days)
    let clock = [rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60].map { padded($0, 2) }
    return
      "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(clock.joined(separator: ":")).\(padded(rest % 1000, 3))Z"
  }

  /// Adds two times under these keys, and what they lack.
  static func add(
    _ times: ClosedRange<Int64>?, first: String, last: String, to object: inout JSONObject
  ) {
    guard let times else { return }
    object[first] = .string(text(times.lowerBound))
    object[last] = .string(text(times.upperBound))
    // What lacks more lies before what lacks less.
    if let lack = TimeLack(of: times.lowerBound) { object["time_lacks"] = .string(lack.rawValue) }
  }

  /// The civil date of a day since 1970: years begin in March, so that the leap day is the last.
  private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = shifted.floored(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}

extension Int64 {
  /// The quotient rounded down.
  fileprivate func floored(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
