import SIMDKernels

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
  let rows = FeatureRows(entries)
  var distances: [Double] = []
  distances.reserveCapacity(entries.count * max(0, entries.count - 1) / 2)
  for first in entries.indices {
    for second in (first + 1)..<max(first + 1, entries.count) {
      distances.append(
        VectorArithmetic.squaredDistance(rows.mean(first), rows.mean(second), rows.dimension)
          .squareRoot())
    }
  }
  let weights = entries.map(\.count)
  var chain = PairwiseChain(distances, weights, linkage)
  return Dendrogram(
    leafCount: entries.count, linkage: linkage, weights: weights, raw: chain.run())
}

/// The nearest-neighbour chain over features: a merged cluster's feature is the merge of features.
private struct FeatureChain {
  private let rows: FeatureRows
  private let isWard: Bool
  /// The active clusters, in the rows they occupy, ascending.
  private var active: [Int32]

  init(_ entries: [ClusteringFeature], isWard: Bool) {
    rows = FeatureRows(entries)
    self.isWard = isWard
    active = (0..<entries.count).map { Int32(truncatingIfNeeded: $0) }
  }

  mutating func run() -> [(left: Int, right: Int, height: Double)] {
    var merges: [(left: Int, right: Int, height: Double)] = []
    merges.reserveCapacity(max(0, rows.count - 1))
    var chain: [Int32] = []
    while active.count > 1 {
      if chain.isEmpty { chain.append(active[0]) }
      let tip = chain[chain.count - 1]
      let previous = chain.count > 1 ? chain[chain.count - 2] : nil
      let (neighbour, rank) = nearest(to: tip, preferring: previous)
      if neighbour == previous {
        chain.removeLast(2)
        let left = min(tip, neighbour)
        let right = max(tip, neighbour)
        merges.append((Int(left), Int(right), (isWard ? 2 * rank : rank).squareRoot()))
        rows.merge(Int(right), into: Int(left))
        remove(right)
      } else {
        chain.append(neighbour)
      }
    }
    return merges
  }

  /// The active cluster nearest to another one. `preferring` wins ties, which is what makes the
  /// chain end; among the rest the first in `active` does. Ranks are the same bits whichever end
  /// asks, which the chain relies on.
  private func nearest(to tip: Int32, preferring previous: Int32?) -> (Int32, Double) {
    let source = rows.row(Int(tip))
    let kind = isWard ? SIMD_RANK_INCREASE : SIMD_RANK_INTER
    var best = Double.infinity
    var found = previous
    if let previous {
      withUnsafePointer(to: previous) { one in
        let list = UnsafeBufferPointer(start: one, count: 1)
        _ = rows.nearest(list, to: source, rank: kind, below: &best)
      }
    }
    active.withUnsafeBufferPointer { list in
      if let place = rows.nearest(list, to: source, rank: kind, excluding: tip, below: &best) {
        found = list[place]
      }
    }
    // Every rank may be infinite or NaN only through overflow; any partner then will do.
    return (found ?? (active[0] == tip ? active[1] : active[0]), best)
  }

  private mutating func remove(_ number: Int32) {
    var low = 0
    var high = active.count
    while low < high {
      let middle = (low + high) / 2
      if active[middle] < number { low = middle + 1 } else { high = middle }
    }
    if low < active.count, active[low] == number { active.remove(at: low) }
  }
}
