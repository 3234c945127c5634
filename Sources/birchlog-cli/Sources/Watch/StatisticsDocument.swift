/// The counts of a stream, as the library gives them.
struct StatisticsDocument: Decodable {
  let lines: Int
  let assigned: Int
  let unassigned: Int
  let cutLines: Int
  let unseenEvents: Int
  let sessionsOpened: Int
  let sessionsEnded: Int
  let sessionsEvicted: Int
  let sessionsOpen: Int
  let droppedEvents: Int
  let cacheHits: Int
  let cacheMisses: Int
  let keyFailures: Int
  let findings: Int
  let earlyFindings: Int
  let anomalies: [String: Int]
  /// Seconds since 1970.
  let logTime: Double?
  let drift: Drift?

  /// How far the log has moved away from what it was.
  struct Drift: Decodable {
    let units: Int
    let drifted: Bool
    let signals: [Signal]

    struct Signal: Decodable {
      let name: String
      let value: Double
      let usual: Double
      let evidence: Double
    }
  }

  enum CodingKeys: String, CodingKey {
    case lines, assigned, unassigned, findings, anomalies, drift
    case cutLines = "cut_lines"
    case unseenEvents = "unseen_events"
    case sessionsOpened = "sessions_opened"
    case sessionsEnded = "sessions_ended"
    case sessionsEvicted = "sessions_evicted"
    case sessionsOpen = "sessions_open"
    case droppedEvents = "dropped_events"
    case cacheHits = "cache_hits"
    case cacheMisses = "cache_misses"
    case keyFailures = "key_failures"
    case earlyFindings = "early_findings"
    case logTime = "log_time"
  }
}
