import LogText

/// What a stream has seen; lines = assigned + unassigned + pending.
public struct StreamStatistics: Sendable, Equatable {
  init() {}

  public var lines = 0
  /// Lines that went to a session or a window.
  public var assigned = 0
  /// Lines without a session key, and blank ones.
  public var unassigned = 0
  /// Lines of a record that may go on, which is not counted yet.
  public var pending = 0
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
  /// No line is taken, for the first one was no text.
  public var isRefused = false
  /// Lines on which the session key's expression gave up at its match limit.
  public var keyFailures = 0
  /// Units that ended, and early findings on units that had not.
  public var findings = 0
  public var earlyFindings = 0
  /// Anomalous units that ended, by the id of their kind; `unknown` for those of none.
  public var anomalies: [String: Int] = [:]
  /// The latest time that a line showed, in milliseconds since 1970.
  public var logTime: Int64?
  /// How far what came has moved away from what the model learned.
  var drift: DriftDetector?

  mutating func add(_ findings: [Finding]) {
    for finding in findings {
      guard finding.unit.isFinal else {
        earlyFindings += 1
        continue
      }
      self.findings += 1
      if finding.verdict.isAnomalous { anomalies[finding.kindID, default: 0] += 1 }
    }
  }

  /// The counts that a snapshot keeps; those of the sessions lie with the sessions.
  private static let kept: [WritableKeyPath<StreamStatistics, Int> & Sendable] = [
    \.lines, \.assigned, \.unassigned, \.pending, \.cutLines, \.unseenEvents, \.findings,
    \.earlyFindings,
  ]

  func write(to writer: SnapshotWriter) {
    for path in Self.kept { writer.write(self[keyPath: path]) }
    writer.write(logTime == nil ? 0 : 1)
    writer.write(logTime ?? 0)
    writer.write(UInt64(anomalies.count))
    for (kind, count) in anomalies.sorted(by: { KindOrder.precedes($0.key, $1.key) }) {
      writer.write(Array(kind.utf8))
      writer.write(count)
    }
  }

  init(_ reader: inout SnapshotReader) throws(BirchlogError) {
    for path in Self.kept { self[keyPath: path] = try reader.count() }
    let knowsTime = try reader.unsigned() != 0
    let time = try reader.signed()
    logTime = knowsTime ? time : nil
    for _ in 0..<(try reader.length()) {
      anomalies[String(decoding: try reader.run(), as: UTF8.self)] = try reader.count()
    }
  }

  public var json: JSONValue {
    .object([
      "lines": .integer(Int64(lines)), "assigned": .integer(Int64(assigned)),
      "unassigned": .integer(Int64(unassigned)), "pending": .integer(Int64(pending)),
      "cut_lines": .integer(Int64(cutLines)),
      "unseen_events": .integer(Int64(unseenEvents)),
      "sessions_opened": .integer(Int64(sessionsOpened)),
      "sessions_ended": .integer(Int64(sessionsEnded)),
      "sessions_evicted": .integer(Int64(sessionsEvicted)),
      "sessions_open": .integer(Int64(sessionsOpen)),
      "dropped_events": .integer(Int64(droppedEvents)), "cache_hits": .integer(Int64(cacheHits)),
      "cache_misses": .integer(Int64(cacheMisses)), "key_failures": .integer(Int64(keyFailures)),
      "findings": .integer(Int64(findings)), "early_findings": .integer(Int64(earlyFindings)),
      "anomalies": .object(byKind),
      // A made-up year would tell of a log that is half a century late.
      "log_time": logTime.flatMap { TimeLack(of: $0) == nil ? .number(Double($0) / 1000) : nil }
        ?? .null,
      "drift": drift?.json ?? .null, "refused": .bool(isRefused),
    ])
  }

  private var byKind: JSONObject {
    var object = JSONObject()
    for (kind, count) in anomalies.sorted(by: { KindOrder.precedes($0.key, $1.key) }) {
      object[kind] = .integer(Int64(count))
    }
    return object
  }
}
