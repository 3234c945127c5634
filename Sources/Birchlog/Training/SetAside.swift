/// Parts mixed input into what is learned from and what is too surprising to be normal.
enum SetAside {
  /// No unit that scores less, in nats, is set aside: that much is usual for rare but normal units.
  private static let smallestLimit = 8.0
  /// No more than this share of the units is set aside: normal behaviour is what most units show.
  private static let largestShare = 0.5

  /// Indices of the units that are kept: those under the limit that parts the scores best.
  ///
  /// The limit is Otsu's (1979): the one between whose two sides the scores vary most, each unit
  /// counted as often as it came.
  static func kept(scores: [(score: Double, count: Double)]) -> [Int] {
    let limit = max(otsuLimit(scores), smallestLimit)
    let order = scores.indices.sorted { scores[$0].score < scores[$1].score }
    let total = scores.reduce(0) { $0 + $1.count }
    var kept: [Int] = []
    var weight = 0.0
    for index in order where scores[index].score <= limit || weight < total * (1 - largestShare) {
      kept.append(index)
      weight += scores[index].count
    }
    return kept.sorted()
  }

  private static func otsuLimit(_ scores: [(score: Double, count: Double)]) -> Double {
    let sorted = scores.sorted { $0.score < $1.score }
    let total = sorted.reduce(0) { $0 + $1.count }
    let sum = sorted.reduce(0) { $0 + $1.score * $1.count }
    var best = (variance: 0.0, limit: sorted.last?.score ?? 0)
    var weight = 0.0
    var partial = 0.0
    for (index, item) in sorted.enumerated().dropLast() {
      weight += item.count
      partial += item.score * item.count
      let gap = partial / weight - (sum - partial) / (total - weight)
      let variance = weight * (total - weight) * gap * gap
      if variance > best.variance { best = (variance, (item.score + sorted[index + 1].score) / 2) }
    }
    return best.limit
  }
}
