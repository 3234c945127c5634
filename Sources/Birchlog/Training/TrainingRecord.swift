/// What a training saw and measured; stored in the model and reported by `describe`.
public struct TrainingRecord: Sendable, Equatable {
  public var normalSessions = 0
  public var mixedSessions = 0
  public var normalUnits = 0
  public var mixedUnits = 0
  public var distinctUnits = 0
  /// Lines that were read, and those among them that belong to no session for want of a key.
  public var lines = 0
  public var keylessLines = 0
  /// Units whose session was over, among those that normal behaviour is learned from.
  public var endedUnits = 0
  /// Where rare events share one (``Vocabulary/firstNew``).
  public var firstNewEvent: Int32?
  /// The ends of sessions were learned, and are scored.
  public var scoresEnds = true
  public var totalWindows = 0.0
  public var distinctWindows = 0
  public var epochs = 0
  public var trainingLoss: [Double] = []
  public var validationLoss: [Double] = []
  /// Share of unlabelled units that stage 1 set aside as too surprising to be normal; nil when
  /// clean input was given.
  public var setAsideShare: Double?
  public var clustering = ClusteringRecord()
  public var classifier: ClassifierRecord?
  public var warnings: [String] = []
  /// The session key that was found; nil where one was given, or nothing was looked for.
  public var proposal: SessionProposal?
  /// The latest updates.
  public var updates: [UpdateRecord] = []

  /// From this share on, so much of an input is anomalous that it is rather the log that has changed.
  private static let changedShare = 0.2

  /// Says when so many units of unlabelled input are anomalous to a model that it may not know this log's normal
  /// behaviour any more.
  mutating func warn(anomalous: Int, of units: Int) {
    let share = Double(anomalous) / Double(max(units, 1))
    guard share > Self.changedShare else { return }
    warnings.append(
      "\(Percentage.text(share)) of the unlabelled units are anomalous to this model and were not learned as normal; those like them will be alarms. If the log itself has changed, as by a new release, update with a clean part of it as --normal, or say which kinds are harmless with 'birchlog kinds mark-normal'."
    )
  }

  /// Adds the counts of further input.
  mutating func add(_ other: TrainingRecord) {
    for path in [
      \TrainingRecord.normalSessions, \.mixedSessions, \.normalUnits, \.mixedUnits, \.distinctUnits,
      \.lines, \.keylessLines,
    ] as [WritableKeyPath<TrainingRecord, Int>] {
      let (sum, overflow) = self[keyPath: path].addingReportingOverflow(other[keyPath: path])
      self[keyPath: path] = overflow ? .max : sum
    }
  }
}

/// How the number of kinds came about.
public struct ClusteringRecord: Sendable, Equatable {
  /// One number of kinds that was considered.
  public struct Point: Sendable, Equatable {
    public var count: Int
    public var height: Double
    public var gap: Double
    public var silhouette: Double
    public var stability: Double
  }

  public var leafEntries = 0
  public var chosen = 0
  public var silhouette = 0.0
  public var curve: [Point] = []
}

/// How well stage 4 agrees with stage 3's kinds on distinct sequences that it did not learn from.
public struct ClassifierRecord: Sendable, Equatable {
  public struct Row: Sendable, Equatable {
    public var kind: String
    public var precision: Double
    public var recall: Double
    public var f1: Double
    public var support: Int
  }

  public var heldOut = 0
  public var rows: [Row] = []
  public var accuracy = 0.0
  public var balancedAccuracy = 0.0
  /// Balanced accuracy of always answering the most common kind.
  public var constantGuess = 0.0
  public var weightedPrecision = 0.0
  public var weightedRecall = 0.0
  public var weightedF1 = 0.0
  /// What the kinds' logits were divided by, so that probabilities tell how often answers are right.
  public var temperature = 1.0
  /// Expected calibration error over the held-out units, and over beginnings of them.
  public var calibrationError = 0.0
  public var heldOutBeginnings = 0
  public var beginningsCalibrationError = 0.0
}
