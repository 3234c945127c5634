/// What a model is.
struct ModelDocument: Decodable {
  let version: String?
  let formatVersion: Int?
  let events: Int?
  let options: TrainedOptions?
  /// What a verdict is about: "session" or "window".
  let unit: String?
  let sessions: Sessions?
  /// The same counted in windows where a verdict is about a window.
  let units: Sessions?
  /// Whether the end of a session is scored.
  let scoresEnds: Bool?
  let windows: Windows?
  let lines: Lines?
  let threshold: Threshold?
  let training: Training?
  let clustering: Clustering?
  let classifier: MetricsTable?
  let warnings: [String]?
  let sessionProposal: SessionProposal?
  /// The latest updates, the newest last.
  let updates: [UpdateDocument]?

  /// The session key that was found where none was given.
  struct SessionProposal: Decodable {
    let session: String?
    let sessionField: String?
    let reason: String

    /// What was chosen, by the option that would choose it.
    var choice: String {
      if let sessionField { return "--session-field \(sessionField) was chosen" }
      return session.map { "--session '\($0)' was chosen" } ?? "windows were chosen"
    }
  }

  /// The options that a reader of reports asks for first.
  struct TrainedOptions: Decodable {
    let preset: String?
    let signature: String?
    let input: String?
    let session: String?
    let idleSeconds: Double?
    let unit: String?
  }

  /// Units that training read.
  struct Sessions: Decodable {
    let normal: Int?
    let mixed: Int?
    /// Sessions that ended, among those that normal behaviour was learned from.
    let ended: Int?
  }

  /// Lines that were read, and those of them that have no session key.
  struct Lines: Decodable {
    let total: Int?
    let keyless: Int?
  }

  /// Windows of normal behaviour.
  struct Windows: Decodable {
    let total: Int?
    let distinct: Int?
  }

  /// The score above which a unit is anomalous, and how it was found.
  struct Threshold: Decodable {
    let score: Double?
    let targetRate: Double?
    let measuredRate: Double?
    let upperBound: Double?
    /// Normal units that the rate was measured on.
    let units: Int?
  }

  /// How the model of normal was trained.
  struct Training: Decodable {
    let epochs: Int?
    let trainingLoss: [Double?]?
    let validationLoss: [Double?]?
    let setAsideShare: Double?
  }

  /// How the number of kinds was found.
  struct Clustering: Decodable {
    let k: Int?
    let entries: Int?
    let silhouette: Double?
    let curve: [Point]?
  }

  /// One candidate number of kinds.
  struct Point: Decodable {
    let k: Int
    let height: Double?
    let gap: Double?
    let silhouette: Double?
    let stability: Double?
  }

  var isOfWindows: Bool { unit == "window" }

  /// Each file is a session.
  var isOfFiles: Bool { options?.unit == "file" }

  /// The word for what a verdict is about.
  var unitNoun: String { isOfWindows ? "window" : "session" }

  /// What training read, in units of verdicts: a log that is read in windows is one endless session.
  var learned: Sessions? { isOfWindows ? units : sessions }
}
