import SIMDKernels

/// Arithmetic on rows: the same formulas as `ClusteringFeature`, in place.
extension TreeStorage {
  /// Writes a feature into a row.
  @inline(__always)
  func write(_ count: Double, _ deviations: Double, _ mean: UnsafePointer<Double>, to number: Int32)
  {
    let row = row(number)
    row[0] = count
    row[1] = deviations
    (row + 2).update(from: mean, count: dimension)
  }

  /// Adds the points of `source` to a row that is not empty.
  @inline(__always)
  func merge(_ source: UnsafePointer<Double>, into number: Int32) {
    _ = simd_merge_feature(kernels, dimension, row(number), source)
  }

  /// Sets a row to the union of the entries of a node.
  func summarise(_ node: Int32, into number: Int32) {
    let rows = rows(node)
    let count = count(node)
    guard count > 0 else { return }
    let first = row(rows[0])
    write(first[0], first[1], first + 2, to: number)
    for index in 1..<max(1, count) {
      merge(row(rows[index]), into: number)
    }
  }

  /// The entry of a node nearest to `source`; the first of equals. The node is not empty.
  /// A row `excluded` is passed over.
  @inline(__always)
  func nearest(
    in node: Int32, to source: UnsafePointer<Double>, by distance: ClusterDistance,
    pointWeight: Double, excluding excluded: Int32 = -1
  ) -> Int {
    var rank = Double.infinity
    return nearest(
      rows(node), count(node), to: source, by: distance, pointWeight: pointWeight,
      excluding: excluded, apart: level(node) == 0, below: &rank) ?? 0
  }

  /// Has the rows of a node on their way from memory by the time they are searched.
  @inline(__always)
  func prefetch(_ node: Int32, near source: UnsafePointer<Double>) {
    var search = search(
      rows(node), count(node), near: source, rank: SIMD_RANK_CENTROID, pointWeight: 1)
    simd_prefetch_features(&search)
  }

  /// The place of the row nearest to `source` among those ranked below `best`, which receives its
  /// rank; the first of equals, `nil` where there is none. `apart` says that most rows are expected
  /// to be much farther off than the nearest, and changes only the time it takes.
  func nearest(
    _ rows: UnsafePointer<Int32>, _ count: Int, to source: UnsafePointer<Double>,
    by distance: ClusterDistance, pointWeight: Double, excluding excluded: Int32 = -1,
    apart: Bool = true, below best: inout Double
  ) -> Int? {
    if let rank = distance.kernelRank {
      var search = search(rows, count, near: source, rank: rank, pointWeight: pointWeight)
      search.excluded = excluded
      search.apart = apart ? 1 : 0
      let place = simd_nearest_feature(kernels, &search, &best)
      return place < 0 ? nil : place
    }
    var nearest: Int?
    for index in 0..<count where rows[index] != excluded {
      let candidate = rank(row(rows[index]), source, by: distance, pointWeight: pointWeight)
      if candidate < best {
        best = candidate
        nearest = index
      }
    }
    return nearest
  }

  /// The rank of two rows under a distance, see `ClusterDistance.rank`.
  @inline(__always)
  func rank(
    _ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>, by distance: ClusterDistance,
    pointWeight: Double
  ) -> Double {
    distance.rank(left, right, dimension, pointWeight: pointWeight)
  }

  /// The feature a row holds, its weight divided by `pointWeight`.
  func feature(_ number: Int32, pointWeight: Double) -> ClusteringFeature {
    let row = row(number)
    var feature = ClusteringFeature(
      uncheckedCount: row[0],
      mean: Array(UnsafeBufferPointer(start: UnsafePointer(row + 2), count: dimension)),
      squaredDeviations: row[1])
    if pointWeight != 1 { feature.scale(by: 1 / pointWeight) }
    return feature
  }
}
