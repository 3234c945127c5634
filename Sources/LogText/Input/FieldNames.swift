/// Which fields of a record hold its text, its session key and its time.
public struct FieldNames: Sendable, Equatable {
  /// The field of the text; nil to guess it among ``textGuesses``.
  public var text: String?
  /// The field of the session key; nil for none.
  public var key: String?
  /// The field of the time; nil to guess it among ``timeGuesses``.
  public var time: String?

  /// Names that log shippers commonly give the text, the likeliest first.
  public static let textGuesses = [
    "message", "msg", "log", "text", "MESSAGE", "Message", "Content", "content", "body", "line",
    "event", "short_message", "@message", "raw", "@m", "@mt",
  ]
  /// Names that log shippers commonly give the time, the likeliest first.
  public static let timeGuesses = [
    "@timestamp", "timestamp", "time", "ts", "Timestamp", "Time", "date", "datetime",
    "__REALTIME_TIMESTAMP", "asctime", "eventTime", "timeMillis", "t", "@t",
  ]

  public init(text: String? = nil, key: String? = nil, time: String? = nil) {
    self.text = text
    self.key = key
    self.time = time
  }
}
