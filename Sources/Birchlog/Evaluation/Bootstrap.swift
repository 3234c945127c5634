/// Resamples of a table of counts, each as many draws with replacement as the table holds (Efron
/// 1979). The same table always gives the same resamples.
struct Bootstrap {
  private let cumulative: [Double]
  private var state: UInt64 = 0x9e37_79b9_7f4a_7c15

  /// - Parameter weights: whole numbers of units in each cell.
  init(weights: [Double]) {
    var sum = 0.0
    cumulative = weights.map { weight in
      sum += weight
      return sum
    }
  }

  /// Counts of another sample of the same size.
  mutating func next() -> [Double] {
    var counts = [Double](repeating: 0, count: cumulative.count)
    guard let total = cumulative.last, total >= 1 else { return counts }
    for _ in 0..<Int(total) {
      let place = uniform() * total
      var low = 0
      var high = cumulative.count - 1
      while low < high {
        let middle = (low + high) / 2
        if cumulative[middle] <= place { low = middle + 1 } else { high = middle }
      }
      counts[low] += 1
    }
    return counts
  }

  /// The middle 95 % of some values as `[low, high]`; null without any.
  static func interval(_ values: [Double]) -> JSONValue {
    let sorted = values.filter(\.isFinite).sorted()
    guard let last = sorted.indices.last else { return .null }
    let low = Int((Double(last) * 0.025).rounded())
    let high = Int((Double(last) * 0.975).rounded())
    return .array([.number(rounded(sorted[low])), .number(rounded(sorted[high]))])
  }

  /// A number from 0 to below 1 (SplitMix64).
  private mutating func uniform() -> Double {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return Double((mixed ^ (mixed >> 31)) >> 11) * 0x1p-53
  }
}
