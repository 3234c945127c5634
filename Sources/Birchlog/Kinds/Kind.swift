/// A discovered group of units that behave alike.
public struct Kind: Sendable, Equatable {
  /// An event that sets a kind apart from normal behaviour.
  public struct Evidence: Sendable, Equatable {
    public var event: Int32
    /// Share of the kind's units that hold the event, and share of normal units.
    public var share: Double
    public var normalShare: Double
    /// The event is missing where it should have come.
    public var isMissing: Bool
  }

  /// A unit of the kind, to look at.
  public struct Sample: Sendable, Equatable {
    public var session: [UInt8]
    public var firstLine: UInt64
    public var events: [Int32]
    /// Units with these events.
    public var count: Int
    /// Position in `events` of the largest surprise; nil when it is the end, or lies beyond what is
    /// kept.
    public var decisive: Int?
  }

  /// Stable id, such as `k3`.
  public var id: String
  /// What an operator calls it.
  public var name: String? = nil
  /// What operators noted about it, oldest first.
  public var notes: [String] = []
  /// An operator said that it is harmless: its units are not anomalous.
  public var isMarked = false
  /// Ids of other kinds that are part of it now.
  public var aliases: [String] = []
  /// Its units score below the threshold.
  public var isNormal: Bool
  /// So few units that it may be chance.
  public var isCandidate: Bool
  /// Units in training, and different ones among them.
  public var size: Int
  public var distinct: Int
  /// Share of all training units.
  public var share: Double
  /// Mean silhouette of its signatures.
  public var silhouette: Double
  /// Root mean square distance of its signatures from their mean.
  public var radius: Double
  /// A unit farther than this from the mean is not of this kind.
  public var limit: Double
  /// Mean signature, `[dimension]`.
  public var centroid: [Float]
  public var firstLine: UInt64
  public var evidence: [Evidence]
  public var samples: [Sample]
  /// Milliseconds since 1970 of the earliest and latest unit, in log time; nil where it is not known.
  public var times: ClosedRange<Int64>?
  /// The class by which the classifier knows it; nil for that of its own number. Parts of a kind
  /// that was split share one.
  var classIndex: Int?
  public var age = Age()

  /// How long a kind has been known.
  public struct Age: Sendable, Equatable {
    /// The update that found it; 0 for the training.
    public var found = 0
    /// The last update that showed it.
    public var lastSeen = 0
    /// Trainings and updates that showed it.
    public var showings = 1
  }

  /// `normal`, `marked`, `candidate` or `anomaly`.
  var state: String {
    if isNormal { return "normal" }
    if isMarked { return "marked" }
    return isCandidate ? "candidate" : "anomaly"
  }
}
