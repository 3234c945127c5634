/// How a clustering-feature tree grows.
public struct CFTreeOptions: Sendable, Equatable {
  /// What of the union of an entry and a point must stay within the threshold for the entry to
  /// absorb the point.
  public enum Absorption: String, CaseIterable, Sendable {
    /// The root mean square distance from the mean.
    case radius
    /// The root mean square distance between two points.
    case diameter
  }

  /// The most children of an inner node.
  public var branchingFactor = 50
  /// The most entries of a leaf.
  public var leafCapacity = 50
  /// The threshold, a length. Without one the tree starts at 0.1 × the root mean square radius of
  /// its first `warmUpEntries` distinct points.
  public var threshold: Double?
  /// The distance that steers the descent and the splits.
  public var distance = ClusterDistance.d0
  /// What the threshold bounds.
  public var absorption = Absorption.radius
  /// How many thresholds a point may lie from the centroid of the entry that absorbs it; `nil` lifts
  /// the limit, as in the 1996 algorithm.
  ///
  /// Two single points meet the radius criterion exactly when they are within 2 thresholds, so a
  /// limit of 2 changes nothing for them. It stops heavy entries, whose radius hardly moves, from
  /// swallowing the rare point far away.
  public var reachLimit: Double? = 2
  /// The most bytes for nodes, entries, outliers and delayed points; `nil` for no limit.
  public var memoryBudget: Int?
  /// Whether the two closest children of a node are merged after a split next to them.
  public var mergingRefinement = true
  /// Whether points that would need a split are held back, in a twentieth of the budget, before
  /// the tree is rebuilt.
  public var delaySplit = true
  /// On a rebuild, entries lighter than this share of the mean entry weight are set aside as
  /// outliers; 0 keeps every entry in the tree.
  public var outlierWeightFraction = 0.25
  /// The share of the budget that outliers may fill.
  public var outlierMemoryShare = 0.1
  /// How many entries are collected before a threshold is derived, where none is given.
  public var warmUpEntries = 1000
  /// After how many insertions what came before weighs half; `nil` for no ageing.
  public var halfLife: Double?

  /// The defaults.
  public init() {}

  /// The settings of the plain algorithm: threshold 0.5, branching 50, radius criterion alone, no
  /// budget, nothing set aside.
  public static var plain: CFTreeOptions {
    var options = CFTreeOptions()
    options.threshold = 0.5
    options.reachLimit = nil
    options.outlierWeightFraction = 0
    options.delaySplit = false
    return options
  }

  /// Checks every option, and the budget against what one full leaf of `dimension` columns needs.
  func validate(dimension: Int) throws(BirchError) {
    try FeatureCheck.dimension(dimension)
    try Self.require(2...4096, branchingFactor, "branchingFactor")
    try Self.require(2...4096, leafCapacity, "leafCapacity")
    try Self.require(2...10_000_000, warmUpEntries, "warmUpEntries")
    try Self.require(threshold ?? 0, upTo: BirchLimits.magnitude, "threshold")
    try Self.require(reachLimit ?? 0, upTo: BirchLimits.magnitude, "reachLimit")
    try Self.require(outlierWeightFraction, upTo: 1, "outlierWeightFraction")
    try Self.require(outlierMemoryShare, upTo: 0.5, "outlierMemoryShare")
    guard halfLife.map({ $0 >= 1 && $0 <= BirchLimits.magnitude }) ?? true else {
      throw .invalidOption(name: "halfLife", reason: "must be at least 1")
    }
    if let budget = memoryBudget {
      let minimum = TreeStorage.bytes(
        rows: leafCapacity + 1, nodes: 1, dimension: dimension, capacity: nodeCapacity)
      guard budget >= minimum else {
        throw .memoryBudgetTooSmall(given: budget, minimum: minimum)
      }
    }
  }

  var nodeCapacity: Int { max(branchingFactor, leafCapacity) }

  private static func require(
    _ range: ClosedRange<Int>, _ value: Int, _ name: String
  ) throws(BirchError) {
    guard range.contains(value) else {
      throw .invalidOption(
        name: name, reason: "must lie in \(range.lowerBound) to \(range.upperBound)")
    }
  }

  private static func require(
    _ value: Double, upTo limit: Double, _ name: String
  ) throws(BirchError) {
    guard value >= 0, value <= limit else {
      throw .invalidOption(name: name, reason: "must lie in 0 to \(limit)")
    }
  }
}
