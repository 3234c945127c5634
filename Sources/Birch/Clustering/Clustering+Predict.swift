import SIMDKernels

/// The clusters of new points.
extension Clustering {
  /// How the nearest entry to a point is looked for.
  public enum Search: String, CaseIterable, Sendable {
    /// All entries.
    case exact
    /// The entries of the few cells nearest to the point, cells being leaves of the tree put in order:
    /// faster, at times an entry next to the
    /// nearest.
    case descent
  }

  /// When a point is near no cluster.
  public enum Limit: Sendable, Equatable {
    /// Never.
    case none
    /// Where it lies farther from every entry than this.
    case distance(Double)
    /// Where it lies farther than 3 radii from the centroid of the cluster of its nearest entry, and
    /// farther than 2 thresholds from that entry.
    case automatic
  }

  /// Cells that a descent looks into.
  public static let probes = 4

  /// Calls `body(point, cluster, distance)` for each row of `[count, dimension]`, in order: the place
  /// in `clusters` of the cluster of the nearest entry, the lower entry of equals, and the Euclidean
  /// distance to that entry's mean. The cluster is −1 for a point near no cluster, and for every point
  /// where there are no clusters, with an infinite distance.
  ///
  /// Throws for a length that is no multiple of the dimension and for values out of range, before the
  /// first call.
  public func predict(
    _ points: UnsafeBufferPointer<Double>, search: Search = .exact, limit: Limit = .none,
    _ body: (Int, Int, Double) -> Void
  ) throws(BirchError) {
    try check(points.count, limit)
    guard let base = points.baseAddress, points.count > 0 else { return }
    for start in Swift.stride(from: 0, to: points.count, by: dimension) {
      try FeatureCheck.point(UnsafeBufferPointer(start: base + start, count: dimension))
    }
    answer(base, points.count / dimension, search, limit, body)
  }

  /// The same for points in single precision.
  public func predict(
    _ points: UnsafeBufferPointer<Float>, search: Search = .exact, limit: Limit = .none,
    _ body: (Int, Int, Double) -> Void
  ) throws(BirchError) {
    try check(points.count, limit)
    guard let base = points.baseAddress, points.count > 0 else { return }
    let kernels = Kernels.features
    if simd_within_float(kernels, points.count, base, .greatestFiniteMagnitude) == 0 {
      let place = points.firstIndex { !$0.isFinite } ?? 0
      throw .valueOutOfRange(column: place % dimension)
    }
    let count = points.count / dimension
    let block = 192
    var wide = [Double](repeating: 0, count: block * dimension)
    for first in Swift.stride(from: 0, to: count, by: block) {
      let width = min(block, count - first)
      wide.withUnsafeMutableBufferPointer { buffer in
        guard let target = buffer.baseAddress else { return }
        simd_widen(kernels, width * dimension, base + first * dimension, target)
        answer(target, width, search, limit) { body(first + $0, $1, $2) }
      }
    }
  }

  private func check(_ valueCount: Int, _ limit: Limit) throws(BirchError) {
    guard valueCount % dimension == 0 else {
      throw .dimensionMismatch(expected: dimension, found: valueCount % dimension)
    }
    if case .distance(let distance) = limit, !(distance >= 0) {
      throw .invalidOption(name: "limit", reason: "must be at least 0")
    }
  }

  private func answer(
    _ points: UnsafePointer<Double>, _ count: Int, _ how: Search, _ limit: Limit,
    _ body: (Int, Int, Double) -> Void
  ) {
    guard !clusters.isEmpty else {
      for point in 0..<count { body(point, -1, .infinity) }
      return
    }
    let tell = { (point: Int, entry: Int, gap: Double) in
      let cluster = labels[entry]
      let distance = gap.squareRoot()
      let isNear: Bool
      switch limit {
      case .none: isNear = true
      case .distance(let limit): isNear = distance <= limit
      case .automatic:
        isNear = distance <= 2 * threshold || isWithinReach(points + point * dimension, cluster)
      }
      body(point, isNear ? cluster : -1, distance)
    }
    switch how {
    case .exact: search.forEachNearest(points, count: count, tell)
    case .descent: search.forEachNearest(points, count: count, probes: Self.probes, tell)
    }
  }

  private func isWithinReach(_ point: UnsafePointer<Double>, _ cluster: Int) -> Bool {
    let feature = clusters[cluster].feature
    let gap = feature.mean.withUnsafeBufferPointer { mean in
      mean.baseAddress.map { VectorArithmetic.squaredDistance($0, point, dimension) } ?? 0
    }
    return gap <= 9 * feature.squaredDeviations / feature.count
  }
}
