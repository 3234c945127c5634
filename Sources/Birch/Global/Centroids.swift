import Glibc

/// The clusters that labelled entries form, and the look-up of the one nearest to a point.
public struct Centroids: Sendable, Equatable {
  /// The feature of each cluster, numbered by first appearance of its label.
  public private(set) var features: [ClusteringFeature]
  /// The cluster of every entry.
  public private(set) var labels: [Int]
  /// The centroids as one table `[count, dimension]`.
  private var table: [Double]
  private let dimension: Int

  /// The number of clusters.
  public var count: Int { features.count }

  /// Unites the entries of each label.
  ///
  /// Labels may be any numbers. Throws where lengths or dimensions differ or an entry is empty.
  public init(entries: [ClusteringFeature], labels: [Int]) throws(BirchError) {
    try FeatureCheck.entries(entries)
    try FeatureCheck.length("labels", labels.count, entries.count)
    dimension = entries.first?.dimension ?? 0
    self.labels = Labels.numberedByFirstAppearance(labels)
    features = []
    table = []
    unite(entries)
  }

  /// The cluster whose centroid is nearest to a point, and the Euclidean distance; the lower number
  /// of equals. `nil` where there are no clusters, or none within `limit`: a point near no cluster.
  public func nearest(
    to point: [Double], limit: Double = .infinity
  ) throws(BirchError) -> (index: Int, distance: Double)? {
    guard count > 0 else { return nil }
    guard point.count == dimension else {
      throw .dimensionMismatch(expected: dimension, found: point.count)
    }
    try FeatureCheck.point(point)
    let (index, gap) = nearestUnchecked(point)
    let distance = gap.squareRoot()
    return distance <= limit ? (index, distance) : nil
  }

  /// Phase 4: assigns every entry to its nearest centroid and recomputes the centroids, until nothing
  /// moves or `iterations` passes are done. A cluster is never emptied of its last entry.
  ///
  /// Returns the number of entries that changed cluster in all passes. `entries` are those the
  /// clusters were made of. O(entries × clusters × dimension) a pass.
  @discardableResult
  public mutating func refine(
    entries: [ClusteringFeature], iterations: Int = 10
  ) throws(BirchError) -> Int {
    try FeatureCheck.entries(entries)
    try FeatureCheck.length("entries", entries.count, labels.count)
    guard let first = entries.first else { return 0 }
    guard first.dimension == dimension else {
      throw .dimensionMismatch(expected: dimension, found: first.dimension)
    }
    var changes = 0
    for _ in 0..<max(0, iterations) {
      var sizes = [Int](repeating: 0, count: count)
      for label in labels { sizes[label] += 1 }
      var moved = 0
      for (index, entry) in entries.enumerated() {
        let label = labels[index]
        let (nearest, gap) = nearestUnchecked(entry.mean)
        guard nearest != label, sizes[label] > 1, gap < squaredDistance(entry.mean, to: label)
        else { continue }
        sizes[label] -= 1
        sizes[nearest] += 1
        labels[index] = nearest
        moved += 1
      }
      if moved == 0 { break }
      changes += moved
      unite(entries)
    }
    return changes
  }

  func squaredDistance(_ point: [Double], to cluster: Int) -> Double {
    point.withUnsafeBufferPointer { point in
      table.withUnsafeBufferPointer { table in
        guard let point = point.baseAddress, let table = table.baseAddress else { return 0 }
        return VectorArithmetic.squaredDistance(point, table + cluster * dimension, dimension)
      }
    }
  }

  private func nearestUnchecked(_ point: [Double]) -> (Int, Double) {
    var best = (0, Double.infinity)
    for cluster in 0..<count {
      let gap = squaredDistance(point, to: cluster)
      if gap < best.1 { best = (cluster, gap) }
    }
    return best
  }

  private mutating func unite(_ entries: [ClusteringFeature]) {
    features = [ClusteringFeature](
      repeating: ClusteringFeature(dimension: dimension), count: (labels.max() ?? -1) + 1)
    for (entry, label) in zip(entries, labels) { features[label].merge(entry) }
    table = features.flatMap(\.mean)
  }
}
