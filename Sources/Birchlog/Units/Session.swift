/// A run of events that share a key, with the lines they came from.
public struct Session: Sendable {
  /// Bytes of the key, as the input has them.
  public var id: [UInt8]
  public var events: [Int32]
  /// Where each event stands (``LinePlace``); empty when the session came as event ids.
  public var lines: [UInt64]
  /// Milliseconds since 1970 of the earliest and latest line; nil where none shows a time.
  public var times: ClosedRange<Int64>?
  /// The session is known to be over, so that its end is evidence.
  public var ended: Bool
  /// The input ended before the session could be told to be over, so that nothing in it is missing yet.
  public var mayGoOn = false
  /// Where the lines are: an index into the input's list of sources.
  public var source: Int
  /// Events beyond the limit of a session, which were counted only.
  public var dropped = 0
  /// Position of the first event in its stream: above 0 where `events` begins with context for a
  /// window.
  public var offset = 0

  public init(id: [UInt8], events: [Int32], lines: [UInt64] = [], ended: Bool, source: Int = 0) {
    self.id = id
    self.events = events
    self.lines = lines
    self.ended = ended
    self.source = source
  }

  /// Takes the time of one more line.
  mutating func see(_ time: Int64?) { times = times.widened(by: time) }
}

extension ClosedRange<Int64>? {
  /// The range that holds both.
  func widened(by other: ClosedRange<Int64>?) -> ClosedRange<Int64>? {
    widened(by: other?.lowerBound).widened(by: other?.upperBound)
  }

  /// The range with one more value in it.
  func widened(by value: Int64?) -> ClosedRange<Int64>? {
    guard let value else { return self }
    guard let range = self else { return value...value }
    return min(range.lowerBound, value)...max(range.upperBound, value)
  }
}
