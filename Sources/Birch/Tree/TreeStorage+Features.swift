/// Arithmetic on rows: the same formulas as `ClusteringFeature`, in place.
extension TreeStorage {
  /// Writes a feature into a row.
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
    let row = row(number)
    let total = row[0] + source[0]
    let fraction = source[0] / total
    let gap = VectorArithmetic.squaredDistance(row + 2, source + 2, dimension)
    row[1] += source[1] + gap * row[0] * fraction
    row[0] = total
    VectorArithmetic.move(row + 2, towards: source + 2, by: fraction, dimension)
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
  func nearest(in node: Int32, to source: UnsafePointer<Double>, by distance: ClusterDistance)
    -> Int
  {
    let rows = rows(node)
    let count = count(node)
    var best = 0
    var bestRank = Double.infinity
    if distance == .d0 {
      for index in 0..<count {
        let rank = VectorArithmetic.squaredDistance(row(rows[index]) + 2, source + 2, dimension)
        if rank < bestRank {
          bestRank = rank
          best = index
        }
      }
      return best
    }
    for index in 0..<count {
      let rank = rank(row(rows[index]), source, by: distance)
      if rank < bestRank {
        bestRank = rank
        best = index
      }
    }
    return best
  }

  /// The rank of two rows under a distance, see `ClusterDistance.rank`.
  @inline(__always)
  func rank(
    _ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>, by distance: ClusterDistance
  ) -> Double {
    distance.rank(left + 2, left[0], left[1], right + 2, right[0], right[1], dimension)
  }

  /// The feature a row holds.
  func feature(_ number: Int32) -> ClusteringFeature {
    let row = row(number)
    return ClusteringFeature(
      uncheckedCount: row[0],
      mean: Array(UnsafeBufferPointer(start: UnsafePointer(row + 2), count: dimension)),
      squaredDeviations: row[1])
  }
}
