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
  /// The first line showed that the log is no text.
  let refused: Bool

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
}
