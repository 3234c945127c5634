import FoundationEssentials

/// A time of a log as people read it: without what the log does not name.
struct LogTime {
  /// Since 1970, in UTC as the log's times are read.
  let seconds: Double
  /// What the log does not name, `date` or `year`; nil where it names all.
  let lacks: String?

  init(seconds: Double, lacks: String?) {
    self.seconds = seconds
    self.lacks = lacks
  }

  /// Takes what the library writes: ISO 8601 with milliseconds.
  init?(_ text: String?, lacks: String?) {
    guard let text,
      let date = try? Date(
        text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    else { return nil }
    self.init(seconds: date.timeIntervalSince1970, lacks: lacks)
  }

  /// As `2025-03-04 08:15:30`, `03-04 08:15:30` without a year, `08:15:30` without a date; the hours of a machine's uptime may be more
  /// than a day has.
  var text: String {
    guard seconds.isFinite, abs(seconds) < 1e11 else { return "–" }
    let whole = seconds.rounded(.down)
    let date = Date(timeIntervalSince1970: whole).formatted(.iso8601)
    let text = date.replacing("T", with: " ").replacing("Z", with: "")
    if lacks == "date", text < "1973" {
      return [Int(whole) / 3600, Int(whole) / 60 % 60, Int(whole) % 60]
        .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
    return lacks == "year" && text.hasPrefix("1972-") ? String(text.dropFirst(5)) : text
  }

  /// The same to the minute, where it has a date.
  var minute: String { text.contains(" ") ? String(text.dropLast(3)) : text }

  /// What times of a log are, in words: "in UTC".
  static func words(lacks: String?) -> String {
    lacks.map { " (the log names no \($0))" } ?? ", in UTC"
  }
}
