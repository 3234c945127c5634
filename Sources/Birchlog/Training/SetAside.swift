/// Parts mixed input into what is learned from and what is too surprising to be normal.
enum SetAside {
  /// Units beyond this many robust standard deviations over the median are set aside.
  private static let deviations = 3.0

  /// Indices of the units that are kept: a unit is set aside when its score lies far outside of the bulk's.
  ///
  /// The bulk is described by median and median absolute deviation, weighted by how often each unit came, which up to half of
  /// all units cannot move far.
  static func kept(scores: [(score: Double, count: Double)]) -> Set<Int> {
    let middle = median(scores)
    let spread = median(scores.map { (score: abs($0.score - middle), count: $0.count) })
    let limit = middle + deviations * max(1.4826 * spread, 0.25)
    let kept = Set(scores.indices.filter { scores[$0].score <= limit })
    return kept.isEmpty ? Set(scores.indices) : kept
  }

  /// The value below which half of the weight lies.
  private static func median(_ values: [(score: Double, count: Double)]) -> Double {
    let sorted = values.sorted { $0.score < $1.score }
    let half = values.reduce(0) { $0 + $1.count } / 2
    var sum = 0.0
    for value in sorted {
      sum += value.count
      if sum >= half { return value.score }
    }
    return sorted.last?.score ?? 0
  }
}
