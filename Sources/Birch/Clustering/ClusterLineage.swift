/// How clusters continue those of an earlier clustering, by ids.
public struct ClusterLineage: Sendable, Equatable {
  /// An id that became, or came from, several.
  public struct Division: Sendable, Equatable {
    /// The one id: the old one of a split, the new one of a merge.
    public var whole: Int
    /// The ids on the other side.
    public var parts: [Int]
  }

  /// Ids that go on.
  public var kept: [Int] = []
  /// Old clusters of which several new ones are parts.
  public var splits: [Division] = []
  /// New clusters that several old ones went into.
  public var merges: [Division] = []
  /// Old ids that nothing continues. They are never given again.
  public var retired: [Int] = []
  /// New ids that continue nothing.
  public var born: [Int] = []
}

extension Clustering {
  /// The same clusters with the ids of those of `previous` that they continue, and the others with ids
  /// never used before.
  ///
  /// Pairs are the optimal assignment by the distance of centroids, see `matchClusters`. A cluster
  /// continues another one no farther off than `maximumDistance`: the root mean square radius of all
  /// clusters, or two thresholds where that is more, unless given.
  public func continuing(
    _ previous: Clustering, maximumDistance: Double? = nil
  ) throws(BirchError) -> Clustering {
    guard previous.dimension == dimension else {
      throw .dimensionMismatch(expected: dimension, found: previous.dimension)
    }
    let old = previous.clusters.map(\.feature)
    let new = clusters.map(\.feature)
    let matching = try matchClusters(
      old: old, new: new,
      maximumDistance: maximumDistance ?? Self.reach(old + new, threshold: threshold))
    var result = self
    var next = previous.nextID
    var id = [Int?](repeating: nil, count: new.count)
    for match in matching.matches { id[match.new] = previous.clusters[match.old].id }
    for index in id.indices where id[index] == nil {
      id[index] = next
      next += 1
    }
    for index in id.indices { result.clusters[index].id = id[index] ?? next }
    result.nextID = next
    func oldID(_ place: Int) -> Int { previous.clusters[place].id }
    func newID(_ place: Int) -> Int { result.clusters[place].id }
    var lineage = ClusterLineage()
    lineage.kept = matching.matches.map { oldID($0.old) }
    lineage.splits = matching.splits.map {
      .init(whole: oldID($0.whole), parts: $0.parts.map(newID))
    }
    lineage.merges = matching.merges.map {
      .init(whole: newID($0.whole), parts: $0.parts.map(oldID))
    }
    lineage.retired = matching.retired.map(oldID)
    lineage.born = matching.born.map(newID)
    result.lineage = lineage
    return result
  }

  private static func reach(_ clusters: [ClusteringFeature], threshold: Double) -> Double {
    var deviations = 0.0
    var weight = 0.0
    for cluster in clusters {
      deviations += cluster.squaredDeviations
      weight += cluster.count
    }
    let radius = weight > 0 ? (deviations / weight).squareRoot() : 0
    return max(radius, 2 * threshold)
  }
}
