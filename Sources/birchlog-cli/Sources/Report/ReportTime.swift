import FoundationEssentials

/// Times as the report writes them.
enum ReportTime {
  /// What the library writes as ISO 8601 with milliseconds, in seconds since 1970.
  static func seconds(_ text: String) -> Double? {
    try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
      .timeIntervalSince1970
  }

  /// Seconds since 1970 as `2025-03-04 08:15:30`, in UTC as the log's times are read.
  static func text(_ seconds: Double) -> String {
    guard seconds.isFinite, abs(seconds) < 1e11 else { return "–" }
    let text = Date(timeIntervalSince1970: seconds.rounded(.down)).formatted(.iso8601)
    return text.replacing("T", with: " ").replacing("Z", with: "")
  }
}
