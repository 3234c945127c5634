import Glibc

/// How the entries of a tree become clusters.
public struct ClusteringOptions: Sendable, Equatable {
  /// The global method.
  public enum Method: String, CaseIterable, Sendable {
    /// Average linkage (D2).
    case average
    /// Ward's linkage (D4).
    case ward
    /// Complete linkage. Holds all pairs: 4 × entries² bytes.
    case complete
    /// k-means from k-means++ starts and from Ward's partition.
    case kMeans = "kmeans"

    var linkage: Linkage {
      switch self {
      case .average: .average
      case .ward, .kMeans: .ward
      case .complete: .complete
      }
    }
  }

  /// What an entry counts in the global method; its mean and radius stay.
  public enum EntryWeights: String, CaseIterable, Sendable {
    /// The weight of its points: the method clusters points.
    case count
    /// Equal for all, as scikit-learn has it: the method clusters regions, however full they are.
    case one
    /// The logarithm of 1 + the weight: between the two.
    case log

    func weighed(_ entry: ClusteringFeature) -> ClusteringFeature {
      let weight: Double
      switch self {
      case .count: return entry
      case .one: weight = 1
      case .log: weight = log1p(entry.count)
      }
      return ClusteringFeature(
        uncheckedCount: weight, mean: entry.mean,
        squaredDeviations: entry.squaredDeviations / entry.count * weight)
    }
  }

  /// Which partition is taken.
  public enum Selection: Sendable, Equatable {
    /// The number of clusters with the best score in the curve.
    case automatic
    /// So many clusters, or as many as there are entries if those are fewer.
    case count(Int)
    /// No cluster joins what is farther apart than this merge height.
    case distance(Double)
  }

  public var method = Method.average
  public var selection = Selection.automatic
  /// Entries are condensed by the weight of their points whatever this says.
  public var entryWeights = EntryWeights.count
  /// The most features that the global method takes; more entries than this are condensed first.
  public var entryLimit = 4096
  /// The largest number of clusters for which the curve has figures.
  public var largestCount = 40
  /// Passes of phase 4 afterwards, which move entries to their nearest centroid.
  public var refinementPasses = 0
  /// Random subsets by which stability is measured; 0 leaves it out.
  public var shuffles = 5
  /// Random starts of k-means.
  public var restarts = 4
  /// What randomness is drawn from.
  public var seed: UInt64 = 0

  /// The defaults.
  public init() {}

  func validate() throws(BirchError) {
    try Self.require(2...BirchLimits.globalEntries, entryLimit, "entryLimit")
    try Self.require(1...4096, largestCount, "largestCount")
    try Self.require(0...1000, refinementPasses, "refinementPasses")
    try Self.require(0...1000, shuffles, "shuffles")
    try Self.require(0...1000, restarts, "restarts")
    switch selection {
    case .automatic: break
    case .count(let count): try Self.require(1...Int.max, count, "count")
    case .distance(let distance):
      guard distance >= 0, distance <= BirchLimits.magnitude else {
        throw .invalidOption(name: "distance", reason: "must be a length of at least 0")
      }
    }
    if method == .complete { try PairwiseChain.checkSize(entryLimit) }
  }

  private static func require(
    _ range: ClosedRange<Int>, _ value: Int, _ name: String
  ) throws(BirchError) {
    guard range.contains(value) else {
      throw .invalidOption(
        name: name, reason: "must lie in \(range.lowerBound) to \(range.upperBound)")
    }
  }
}
