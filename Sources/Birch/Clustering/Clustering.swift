/// The clusters of what a tree held when it was asked, with all that prediction needs. Never changes,
/// so that threads may share it.
public struct Clustering: Sendable {
  /// One cluster.
  public struct Cluster: Sendable, Equatable {
    /// A number that the cluster keeps when a later clustering continues this one.
    public internal(set) var id: Int
    /// The union of its entries.
    public internal(set) var feature: ClusteringFeature
    /// How many entries it has.
    public internal(set) var entryCount: Int
  }

  /// The number of columns.
  public let dimension: Int
  /// The tree's leaf entries, in tree order, and its candidates after them.
  public var entries: [ClusteringFeature] { search.entries }
  /// The cluster of every entry, as a place in `clusters`.
  public let labels: [Int]
  /// How many entries each leaf of the tree had; what is left are candidates.
  let leafSizes: [Int]
  /// The clusters, the heaviest first, the one with the earliest entry first among equals.
  public internal(set) var clusters: [Cluster]
  /// The figures for every number of clusters that was looked at.
  public let curve: [ClusterCountPoint]
  /// How many features the global method worked on: entries, or what they were condensed to.
  public let condensedCount: Int
  /// The tree's threshold.
  public let threshold: Double
  /// How this clustering continues the one before; empty for a first one.
  public internal(set) var lineage = ClusterLineage()
  let search: EntrySearch

  /// The number that the next new cluster gets.
  var nextID: Int

  init(
    dimension: Int, entries: [ClusteringFeature], leafSizes: [Int], labels: [Int],
    curve: [ClusterCountPoint], condensedCount: Int, threshold: Double
  ) {
    self.dimension = dimension
    self.leafSizes = leafSizes
    self.curve = curve
    self.condensedCount = condensedCount
    self.threshold = threshold
    var features = [ClusteringFeature](
      repeating: ClusteringFeature(dimension: dimension), count: (labels.max() ?? -1) + 1)
    var sizes = [Int](repeating: 0, count: features.count)
    for (entry, label) in zip(entries, labels) {
      features[label].merge(entry)
      sizes[label] += 1
    }
    // Labels are numbered by first appearance: the lower one has the earlier entry.
    let order = features.indices.sorted {
      (features[$1].count, $0) < (features[$0].count, $1)
    }
    var place = [Int](repeating: 0, count: order.count)
    for (position, label) in order.enumerated() { place[label] = position }
    self.labels = labels.map { place[$0] }
    clusters = order.enumerated().map { position, label in
      Cluster(id: position, feature: features[label], entryCount: sizes[label])
    }
    nextID = clusters.count
    search = EntrySearch(entries, leafSizes: leafSizes)
  }
}

extension CFTree {
  /// The clusters of everything the tree holds now. The tree stays as it is and may take more points.
  ///
  /// Points still held back are among the entries once `finish` was called; call it first. Candidates
  /// take part like leaf entries. With `previous` the clusters that continue earlier ones keep their
  /// ids, see `Clustering.continuing`. `evidence` is asked, for each number of clusters, how sure it is
  /// that the two clusters joined next are different, 0 to 1. An empty tree gives no clusters.
  /// Throws for options out of range and more entries than complete linkage can take.
  public func clusters(
    _ options: ClusteringOptions = ClusteringOptions(), continuing previous: Clustering? = nil,
    evidence: ((ClusteringFeature, ClusteringFeature) -> Double)? = nil
  ) throws(BirchError) -> Clustering {
    try options.validate()
    if let previous, previous.dimension != dimension {
      throw .dimensionMismatch(expected: dimension, found: previous.dimension)
    }
    let entries = leafEntries + candidates + delayed.map { feature($0) }
    let condensation = try Condensation(
      entries, limit: options.entryLimit, threshold: threshold, options: self.options)
    let features = condensation.features.map(options.entryWeights.weighed)
    let dendrogram = try agglomerate(features, linkage: options.method.linkage)
    let curve = try clusterCountCurve(
      dendrogram, entries: features, range: 1...options.largestCount, seed: options.seed,
      shuffles: options.shuffles, further: Self.furtherCounts,
      evidence: evidence.map { ask in
        { ask(Self.union(condensation.features, $0), Self.union(condensation.features, $1)) }
      })
    let count: Int
    switch options.selection {
    case .automatic: count = chooseClusterCount(curve) ?? 1
    case .count(let given): count = given
    case .distance(let height): count = dendrogram.clusterCount(height: height)
    }
    var labels = dendrogram.labels(clusterCount: count)
    if options.method == .kMeans {
      labels = try kMeans(
        features, clusterCount: count, seed: options.seed, restarts: options.restarts,
        starts: [labels])
    }
    var entryLabels = condensation.group.map { labels[$0] }
    if options.refinementPasses > 0 {
      var centroids = try Centroids(entries: entries, labels: entryLabels)
      try centroids.refine(entries: entries, iterations: options.refinementPasses)
      entryLabels = centroids.labels
    }
    let clustering = Clustering(
      dimension: dimension, entries: entries, leafSizes: leafSizes(),
      labels: Labels.numberedByFirstAppearance(entryLabels), curve: curve,
      condensedCount: features.count, threshold: threshold)
    return try previous.map { (previous) throws(BirchError) in try clustering.continuing(previous) }
      ?? clustering
  }

  /// Numbers of clusters beyond the curve's range that are looked at, where the gaps are widest.
  private static let furtherCounts = 5

  private static func union(
    _ features: [ClusteringFeature], _ members: [Int]
  ) -> ClusteringFeature {
    var sum = ClusteringFeature(dimension: features[members.first ?? 0].dimension)
    for member in members { sum.merge(features[member]) }
    return sum
  }

  /// How many entries each leaf has, in tree order.
  private func leafSizes() -> [Int] {
    leaves().map { storage.count($0) }
  }
}
