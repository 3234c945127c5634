/// What a time of a log leaves open.
///
/// A time without a date lies in 1800 and one without a year in 1896, a leap year. No log names a year before 1900, so that a time alone
/// tells what it lacks, and differences within a log are what they are.
public enum TimeLack: String, Sendable {
  case date, year

  private static let millisecondsOfDay: Int64 = 86_400_000
  /// Days from 1970 to the first day of 1800.
  static let dayWithoutDate = -62_091
  static let yearWithoutYear = 1896
  /// Days from 1970 to some day behind the longest time without a date, and to one behind all times without a year.
  private static let limits: (date: Int64, year: Int64) = (-40_000, -26_000)

  /// What a time in milliseconds since 1970 lacks; nil where the log names all of it.
  public init?(of milliseconds: Int64) {
    if milliseconds < Self.limits.date * Self.millisecondsOfDay {
      self = .date
    } else if milliseconds < Self.limits.year * Self.millisecondsOfDay {
      self = .year
    } else {
      return nil
    }
  }

  /// Milliseconds since 1970 as programs take them, which seldom know of such years: on 1970-01-01 without a date, and in 1972, a leap year
  /// too, without a year.
  public static func customary(_ milliseconds: Int64) -> Int64 {
    switch TimeLack(of: milliseconds) {
    case .date: milliseconds - Int64(dayWithoutDate) * millisecondsOfDay
    // As many days as from the first of 1896 to the first of 1972.
    case .year: milliseconds + 27_758 * millisecondsOfDay
    case nil: milliseconds
    }
  }
}
