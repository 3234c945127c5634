/// What a stream has seen; lines = assigned + unassigned.
public struct StreamStatistics: Sendable, Equatable {
  public var lines = 0
  /// Lines that went to a session or a window.
  public var assigned = 0
  /// Lines without a session key, and blank ones.
  public var unassigned = 0
  /// Lines over the limit of a line, which were cut.
  public var cutLines = 0
  /// Events that training never saw.
  public var unseenEvents = 0
  public var sessionsOpened = 0
  public var sessionsEnded = 0
  /// Sessions that were classified early to keep within the memory budget.
  public var sessionsEvicted = 0
  public var sessionsOpen = 0
  /// Events beyond the longest session, which were counted only.
  public var droppedEvents = 0
  /// Units whose verdict was remembered, and computed.
  public var cacheHits = 0
  public var cacheMisses = 0
  /// Lines on which the session key's expression gave up at its match limit.
  public var keyFailures = 0

  public var json: JSONValue {
    .object([
      "lines": .integer(Int64(lines)), "assigned": .integer(Int64(assigned)),
      "unassigned": .integer(Int64(unassigned)), "cut_lines": .integer(Int64(cutLines)),
      "unseen_events": .integer(Int64(unseenEvents)),
      "sessions_opened": .integer(Int64(sessionsOpened)),
      "sessions_ended": .integer(Int64(sessionsEnded)),
      "sessions_evicted": .integer(Int64(sessionsEvicted)),
      "sessions_open": .integer(Int64(sessionsOpen)),
      "dropped_events": .integer(Int64(droppedEvents)), "cache_hits": .integer(Int64(cacheHits)),
      "cache_misses": .integer(Int64(cacheMisses)), "key_failures": .integer(Int64(keyFailures)),
    ])
  }
}
