/// What a tree tells.
extension CFTree {
  /// How the entry nearest to a point is looked for.
  public enum EntrySearch: Sendable {
    /// All entries: O(entries × dimension).
    case exact
    /// Down the tree: O(height × branching × dimension), at times an entry next to the nearest.
    /// Exact on a tree that is not finished.
    case descent
  }

  /// The features of the leaf entries, in tree order.
  public var leafEntries: [ClusteringFeature] {
    var features: [ClusteringFeature] = []
    features.reserveCapacity(leafEntryCount)
    for leaf in leaves() {
      let rows = storage.rows(leaf)
      for index in 0..<storage.count(leaf) {
        features.append(feature(rows[index]))
      }
    }
    return features
  }

  /// The features set aside as outliers: possible rare groups, complete after `finish`.
  public var candidates: [ClusteringFeature] {
    outliers.map { feature($0) }
  }

  /// The feature of everything the tree has taken in: entries, candidates and points held back.
  public var total: ClusteringFeature {
    var total = rootFeature()
    for row in outliers + delayed {
      total.merge(feature(row))
    }
    return total
  }

  /// Counts and sizes.
  public var statistics: CFTreeStatistics {
    var statistics = CFTreeStatistics()
    statistics.points = points
    statistics.weight = total.count
    statistics.rebuilds = rebuilds
    statistics.threshold = threshold
    statistics.nodes = storage.liveNodes
    statistics.leafEntries = leafEntryCount
    statistics.outliers = outliers.count
    statistics.delayed = delayed.count
    statistics.bytes = storage.bytes
    statistics.peakBytes = storage.peakBytes
    statistics.height = Int(storage.level(root)) + 1
    return statistics
  }

  /// The leaf entry whose centroid is nearest to a point: its place in `leafEntries` and the
  /// Euclidean distance. `nil` for an empty tree.
  ///
  /// Throws for another dimension or a value out of range.
  public func nearestEntry(
    to point: [Double], search: EntrySearch = .exact
  ) throws(BirchError) -> (index: Int, distance: Double)? {
    guard point.count == dimension else {
      throw .dimensionMismatch(expected: dimension, found: point.count)
    }
    try FeatureCheck.point(point)
    guard leafEntryCount > 0 else { return nil }
    return point.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return nil }
      return search == .descent && isFinished ? descendForNearest(base) : scanForNearest(base)
    }
  }

  private func scanForNearest(_ point: UnsafePointer<Double>) -> (index: Int, distance: Double) {
    var best = (index: 0, distance: Double.infinity)
    var number = 0
    for leaf in leaves() {
      let rows = storage.rows(leaf)
      for index in 0..<storage.count(leaf) {
        let row = storage.row(rows[index])
        let gap = VectorArithmetic.squaredDistance(row + 2, point, dimension)
        if gap < best.distance { best = (number, gap) }
        number += 1
      }
    }
    best.distance = best.distance.squareRoot()
    return best
  }

  private func descendForNearest(_ point: UnsafePointer<Double>) -> (index: Int, distance: Double) {
    var node = root
    while true {
      let rows = storage.rows(node)
      var best = 0
      var bestGap = Double.infinity
      for index in 0..<storage.count(node) {
        let gap = VectorArithmetic.squaredDistance(storage.row(rows[index]) + 2, point, dimension)
        if gap < bestGap {
          bestGap = gap
          best = index
        }
      }
      let child = storage.children(node)[best]
      if storage.level(node) == 0 { return (Int(child), bestGap.squareRoot()) }
      node = child
    }
  }
}
