/// Clusters by a table of distances, with the Lance–Williams update and the nearest-neighbour chain.
///
/// `distances` is condensed: pairs (0,1), (0,2) … (n−2,n−1). `weights`, 1 each unless given, are the
/// numbers of points the elements stand for. O(n²) time and memory. Throws where the lengths do not
/// fit, a distance is negative or not finite, or there are more than `BirchLimits.pairwiseEntries`
/// elements.
public func agglomerate(
  distances: [Double], weights: [Double], linkage: Linkage
) throws(BirchError) -> Dendrogram {
  let count = weights.count
  try PairwiseChain.checkSize(count)
  try FeatureCheck.length("distances", distances.count, count * max(0, count - 1) / 2)
  for weight in weights { try FeatureCheck.weight(weight) }
  for (index, distance) in distances.enumerated()
  where !(distance >= 0 && distance <= BirchLimits.magnitude) {
    throw .valueOutOfRange(column: index)
  }
  var chain = PairwiseChain(distances, weights, linkage)
  return Dendrogram(leafCount: count, linkage: linkage, weights: weights, raw: chain.run())
}

/// The nearest-neighbour chain over a condensed table that is overwritten as clusters merge.
struct PairwiseChain {
  private let linkage: Linkage
  private var table: [Double]
  private var weights: [Double]
  private var active: [Int]
  private let count: Int

  static func checkSize(_ count: Int) throws(BirchError) {
    guard count <= BirchLimits.pairwiseEntries else {
      throw .tooManyEntries(count: count, limit: BirchLimits.pairwiseEntries)
    }
  }

  init(_ distances: consuming [Double], _ weights: [Double], _ linkage: Linkage) {
    self.linkage = linkage
    self.weights = weights
    count = weights.count
    active = Array(0..<count)
    table = distances
    if linkage.isSquared {
      for index in table.indices { table[index] *= table[index] }
    }
    guard linkage == .ward else { return }
    for first in 0..<count {
      for second in (first + 1)..<max(first + 1, count) {
        let share = weights[first] * (weights[second] / (weights[first] + weights[second]))
        table[place(first, second)] *= 2 * share
      }
    }
  }

  @inline(__always)
  private func place(_ first: Int, _ second: Int) -> Int {
    let low = min(first, second)
    let high = max(first, second)
    return low * (2 * count - low - 1) / 2 + high - low - 1
  }

  mutating func run() -> [(left: Int, right: Int, height: Double)] {
    var merges: [(left: Int, right: Int, height: Double)] = []
    var chain: [Int] = []
    while active.count > 1 {
      if chain.isEmpty { chain.append(active[0]) }
      let tip = chain[chain.count - 1]
      let previous = chain.count > 1 ? chain[chain.count - 2] : nil
      var best = previous ?? (active[0] == tip ? active[1] : active[0])
      var bestValue = table[place(tip, best)]
      for other in active where other != tip {
        let value = table[place(tip, other)]
        if value < bestValue {
          bestValue = value
          best = other
        }
      }
      guard best == previous else {
        chain.append(best)
        continue
      }
      chain.removeLast(2)
      let left = min(tip, best)
      let right = max(tip, best)
      merges.append((left, right, linkage.isSquared ? bestValue.squareRoot() : bestValue))
      merge(right, into: left, at: bestValue)
    }
    return merges
  }

  private mutating func merge(_ right: Int, into left: Int, at value: Double) {
    active.removeAll { $0 == right }
    let leftWeight = weights[left]
    let rightWeight = weights[right]
    for other in active where other != left {
      let a = table[place(left, other)]
      let b = table[place(right, other)]
      let updated: Double
      switch linkage {
      case .complete:
        updated = max(a, b)
      case .average, .averageEuclidean:
        updated = (leftWeight * a + rightWeight * b) / (leftWeight + rightWeight)
      case .ward:
        let third = weights[other]
        let total = leftWeight + rightWeight + third
        updated =
          ((leftWeight + third) / total) * a + ((rightWeight + third) / total) * b
          - (third / total) * value
      }
      table[place(left, other)] = max(0, updated)
    }
    weights[left] = leftWeight + rightWeight
  }
}
