import Glibc

/// Parts mixed input into what is learned from and what is too surprising to be normal.
///
/// A first look has learned from the anomalies too, so that its scores only tell what stands out most;
/// ``firstLimit(_:)`` is generous. A later look has learned from what is left, and scores
/// everything: ``limit(_:)`` takes rare but normal units back.
enum SetAside {
  /// A score in nats and the units that have it.
  typealias Score = (score: Double, count: Double)

  /// No unit that scores less, in nats, is set aside: that much is usual for rare but normal units.
  private static let smallestLimit = 8.0
  /// In a first look anomalies score less, for they teach it too; what it takes comes back.
  private static let smallestFirstLimit = 6.0
  /// No more than this share of the units is set aside: normal behaviour is what most units show.
  private static let largestShare = 0.5
  /// The tail of normal scores begins above this share of them.
  private static let tailStart = 0.75
  /// Scores of normal units thin out by a factor e within no less and no more than this, in nats;
  /// those of a model that knows every probability do within 1.
  private static let tailLengths = 1.0...4.0
  /// Above a limit there must be this many units for each normal one that is to be expected there.
  private static let excess = 2.0

  /// Indices of the units that are kept: those that score no more than the limit, and in any case
  /// half of them.
  static func kept(_ scores: [Score], limit: Double) -> [Int] {
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

  /// The limit between whose two sides the scores vary most, each unit counted as often as it came
  /// (Otsu 1979).
  static func firstLimit(_ scores: [Score]) -> Double {
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
    return max(best.limit, smallestFirstLimit)
  }

  /// Where scores are parted, and how many normal units are to be expected beyond.
  struct Limit: Equatable {
    var score: Double
    var normalAbove: Double
  }

  /// The limit above which most units are anomalous: there, units outnumber by most what the
  /// normal scores let expect. Infinite where nothing stands out.
  ///
  /// Scores are negative logarithms of probabilities, so that those of normal units thin out about
  /// exponentially. How fast they do is seen below ``firstLimit(_:)`` or the smallest limit, where few
  /// units are anomalous; beyond, it is extrapolated.
  static func limit(_ scores: [Score]) -> Limit {
    let tail = Tail(scores, below: max(firstLimit(scores), smallestLimit))
    let sorted = scores.filter { $0.score > tail.start }.sorted { $0.score > $1.score }
    var best = (gain: 0.0, limit: Limit(score: .infinity, normalAbove: 0))
    var above = 0.0
    for (index, item) in sorted.enumerated() {
      above += item.count
      let next = index + 1 < sorted.count ? sorted[index + 1].score : tail.start
      guard next < item.score, item.score > smallestLimit else { continue }
      let limit = max((next + item.score) / 2, smallestLimit)
      let normal = tail.expected(above: limit)
      let gain = above - excess * normal
      if gain > best.gain { best = (gain, Limit(score: limit, normalAbove: normal)) }
    }
    return best.limit
  }

  /// The exponential tail of the scores of normal units.
  private struct Tail {
    let start: Double
    /// Normal units above the start.
    private let weight: Double
    /// The score thins out by a factor e within this.
    private let length: Double

    /// Fits a tail that is seen up to `end` only, by maximum likelihood.
    init(_ scores: [Score], below end: Double) {
      let seen = scores.filter { $0.score <= end }.sorted { $0.score < $1.score }
      let total = seen.reduce(0) { $0 + $1.count }
      var below = 0.0
      var start = 0.0
      for item in seen {
        below += item.count
        start = item.score
        if below >= tailStart * total { break }
      }
      let range = max(end - start, 0)
      let tail = seen.filter { $0.score > start }
      let weight = tail.reduce(0) { $0 + $1.count }
      let mean = weight > 0 ? tail.reduce(0) { $0 + ($1.score - start) * $1.count } / weight : 0
      let length = Self.length(mean: mean, range: range)
      self.start = start
      self.length = length
      self.weight = range > 0 ? weight / -expm1(-range / length) : weight
    }

    /// Normal units to be expected above a score.
    func expected(above score: Double) -> Double { weight * exp((start - score) / length) }

    /// The length of an exponential tail whose values below `range` have this mean: that of mean =
    /// length − range / (exp(range / length) − 1), which grows with the length.
    private static func length(mean: Double, range: Double) -> Double {
      var low = tailLengths.lowerBound
      var high = tailLengths.upperBound
      for _ in 0..<40 {
        let middle = (low + high) / 2
        if middle - range / expm1(range / middle) < mean { low = middle } else { high = middle }
      }
      return low
    }
  }
}
