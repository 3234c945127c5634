/// Weighted k-means over entries (Lloyd 1982).
///
/// Starts are drawn by k-means++ (Arthur & Vassilvitskii 2007) on the entries' weights, `restarts` of
/// them from `seed`, besides the partitions in `starts`; the least sum of squared deviations wins, the
/// earlier of equals. Spread inside the entries is the same for all partitions and left out. A cluster
/// that loses its last entry keeps its centroid. Returns labels numbered by first appearance: at most
/// `clusterCount` different ones. O(passes × entries × clusters × dimension).
public func kMeans(
  _ entries: [ClusteringFeature], clusterCount: Int, seed: UInt64 = 0, restarts: Int = 4,
  starts: [[Int]] = [], passes: Int = 100
) throws(BirchError) -> [Int] {
  try FeatureCheck.entries(entries)
  for start in starts { try FeatureCheck.length("labels", start.count, entries.count) }
  guard clusterCount > 1, entries.count > 1 else {
    return [Int](repeating: 0, count: entries.count)
  }
  guard clusterCount < entries.count else { return Array(entries.indices) }
  var lloyd = Lloyd(entries)
  var generator = SeededGenerator(seed: seed)
  var best: (labels: [Int], cost: Double)?
  for index in 0..<(starts.count + max(0, restarts)) {
    let centres: [ClusteringFeature]
    if index < starts.count {
      centres = try Centroids(entries: entries, labels: starts[index]).features
    } else {
      centres = lloyd.draw(clusterCount, &generator)
    }
    let found = lloyd.run(from: centres, passes: passes)
    if found.cost < best?.cost ?? .infinity { best = found }
  }
  return Labels.numberedByFirstAppearance(
    best?.labels ?? [Int](repeating: 0, count: entries.count))
}

private struct Lloyd {
  private let entries: [ClusteringFeature]
  private let points: [Double]
  private let dimension: Int

  init(_ entries: [ClusteringFeature]) {
    self.entries = entries
    dimension = entries.first?.dimension ?? 0
    points = entries.flatMap(\.mean)
  }

  /// Passes of assignment and recomputation until no label changes.
  mutating func run(
    from start: [ClusteringFeature], passes: Int
  ) -> (labels: [Int], cost: Double) {
    var centres = start
    var labels = [Int](repeating: -1, count: entries.count)
    var cost = Double.infinity
    for _ in 0..<max(1, passes) {
      var moved = false
      cost = 0
      let search = NearestRows(centres)
      points.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        search.forEachNearest(base, count: entries.count) { point, nearest, gap in
          moved = moved || labels[point] != nearest
          labels[point] = nearest
          cost += entries[point].count * gap
        }
      }
      guard moved else { break }
      var sums = [ClusteringFeature](
        repeating: ClusteringFeature(dimension: dimension), count: centres.count)
      for (entry, label) in zip(entries, labels) { sums[label].merge(entry) }
      for index in centres.indices where sums[index].count > 0 { centres[index] = sums[index] }
    }
    return (labels, cost)
  }

  /// k-means++: each further centre is an entry drawn by its weight times its squared distance from
  /// the nearest centre so far.
  mutating func draw(_ count: Int, _ generator: inout SeededGenerator) -> [ClusteringFeature] {
    var gaps = [Double](repeating: 1, count: entries.count)
    var centres: [ClusteringFeature] = []
    while centres.count < count {
      var total = 0.0
      for (entry, gap) in zip(entries, gaps) { total += entry.count * gap }
      // Fewer different entries than clusters.
      guard total > 0 else { break }
      var left = total * (Double(generator.next() >> 11) * 0x1p-53)
      var chosen = entries.count - 1
      for index in entries.indices {
        left -= entries[index].count * gaps[index]
        if left < 0 {
          chosen = index
          break
        }
      }
      let centre = entries[chosen]
      for index in entries.indices {
        let gap = squaredGap(entries[index], centre)
        gaps[index] = centres.isEmpty ? gap : min(gaps[index], gap)
      }
      centres.append(centre)
    }
    return centres
  }

  private func squaredGap(_ left: ClusteringFeature, _ right: ClusteringFeature) -> Double {
    left.mean.withUnsafeBufferPointer { a in
      right.mean.withUnsafeBufferPointer { b in
        guard let a = a.baseAddress, let b = b.baseAddress else { return 0 }
        return VectorArithmetic.squaredDistance(a, b, dimension)
      }
    }
  }
}
