/// Clusters entries bottom-up by the nearest-neighbour chain (Murtagh 1983).
///
/// Average and Ward linkage recompute distances from features: O(n²·dimension) time, O(n·dimension)
/// memory. The other two hold all pairs: O(n²) both, and throw above `BirchLimits.pairwiseEntries`.
/// Equal distances are decided by the lower number. Throws for entries of different dimensions or
/// without weight. No entries give an empty dendrogram.
public func agglomerate(
  _ entries: [ClusteringFeature], linkage: Linkage
) throws(BirchError) -> Dendrogram {
  try FeatureCheck.entries(entries)
  if linkage.needsOnlyFeatures {
    var chain = FeatureChain(entries, isWard: linkage == .ward)
    return Dendrogram(
      leafCount: entries.count, linkage: linkage, weights: entries.map(\.count),
      raw: chain.run())
  }
  try PairwiseChain.checkSize(entries.count)
  var distances: [Double] = []
  distances.reserveCapacity(entries.count * max(0, entries.count - 1) / 2)
  for first in entries.indices {
    for second in (first + 1)..<max(first + 1, entries.count) {
      distances.append(ClusterDistance.d0.distance(entries[first], entries[second]))
    }
  }
  return try agglomerate(distances: distances, weights: entries.map(\.count), linkage: linkage)
}

/// The nearest-neighbour chain over features: a merged cluster's feature is the merge of features.
private struct FeatureChain {
  private let count: Int
  private let width: Int
  private let isWard: Bool
  /// Centroids of the active clusters, `[count, width]`.
  private var means: [Double]
  private var weights: [Double]
  private var deviations: [Double]
  /// The active clusters, in the rows they occupy.
  private var active: [Int]

  init(_ entries: [ClusteringFeature], isWard: Bool) {
    count = entries.count
    width = entries.first?.dimension ?? 0
    self.isWard = isWard
    means = []
    means.reserveCapacity(count * width)
    for entry in entries { means.append(contentsOf: entry.mean) }
    weights = entries.map(\.count)
    deviations = entries.map(\.squaredDeviations)
    active = Array(0..<count)
  }

  mutating func run() -> [(left: Int, right: Int, height: Double)] {
    var merges: [(left: Int, right: Int, height: Double)] = []
    merges.reserveCapacity(max(0, count - 1))
    var chain: [Int] = []
    while active.count > 1 {
      if chain.isEmpty { chain.append(active[0]) }
      let tip = chain[chain.count - 1]
      let previous = chain.count > 1 ? chain[chain.count - 2] : nil
      let (neighbour, rank) = nearest(to: tip, preferring: previous)
      if neighbour == previous {
        chain.removeLast(2)
        let left = min(tip, neighbour)
        let right = max(tip, neighbour)
        merges.append((left, right, rank.squareRoot()))
        merge(right, into: left)
      } else {
        chain.append(neighbour)
      }
    }
    return merges
  }

  /// The active cluster nearest to another one. `preferring` wins ties, which is what makes the
  /// chain end; among the rest the first in `active` does.
  private func nearest(to tip: Int, preferring previous: Int?) -> (Int, Double) {
    means.withUnsafeBufferPointer { rows in
      guard let base = rows.baseAddress else { return (tip, 0) }
      var best = tip
      var bestRank = Double.infinity
      if let previous {
        best = previous
        bestRank = rank(base, tip, previous)
      }
      for other in active where other != tip {
        let rank = rank(base, tip, other)
        if rank < bestRank {
          bestRank = rank
          best = other
        }
      }
      // Every rank may be infinite or NaN only through overflow; any partner then will do.
      if best == tip { best = active[0] == tip ? active[1] : active[0] }
      return (best, bestRank)
    }
  }

  @inline(__always)
  private func rank(_ base: UnsafePointer<Double>, _ first: Int, _ second: Int) -> Double {
    // The same operands in the same order whichever end asks: the chain needs d(a, b) == d(b, a).
    let left = min(first, second)
    let right = max(first, second)
    let gap = VectorArithmetic.squaredDistance(base + left * width, base + right * width, width)
    if isWard {
      return 2 * gap * weights[left] * (weights[right] / (weights[left] + weights[right]))
    }
    return gap + deviations[left] / weights[left] + deviations[right] / weights[right]
  }

  private mutating func merge(_ right: Int, into left: Int) {
    let total = weights[left] + weights[right]
    let fraction = weights[right] / total
    let width = width
    var gap = 0.0
    means.withUnsafeMutableBufferPointer { rows in
      guard let base = rows.baseAddress else { return }
      let target = base + left * width
      let source = UnsafePointer(base + right * width)
      gap = VectorArithmetic.squaredDistance(target, source, width)
      VectorArithmetic.move(target, towards: source, by: fraction, width)
    }
    deviations[left] += deviations[right] + gap * weights[left] * fraction
    weights[left] = total
    active.removeAll { $0 == right }
  }
}
