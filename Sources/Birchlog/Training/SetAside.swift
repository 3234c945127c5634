/// Parts mixed input into what is learned from and what is too surprising to be normal.
///
/// A first look has learned from the anomalies too, so that its scores only tell what stands out most:
/// it sets a generous share aside (``firstLimit(_:)``). A later look has learned from what is left, and
/// judges what was set aside as new sessions will be judged, by the threshold that held-out units of
/// what is left give; rare but normal units come back.
enum SetAside {
  /// A score in nats and the units that have it.
  typealias Score = (score: Double, count: Double)

  /// Times that the input is looked at.
  static let looks = 4
  /// Of the false alarms that are allowed, the part that normal units may take that stay set aside.
  static let shareOfRate = 0.5
  /// The first look sets no more than this share of the units aside.
  private static let firstShare = 0.2
  /// It sets nothing aside that scores less, in nats. What comes in one of 25 units has that score where
  /// one event tells of it, by its place and by its number.
  private static let smallestFirstLimit = 6.5
  /// No more than this share of the units is ever set aside.
  private static let largestShare = 0.5

  /// The limit of a first look.
  static func firstLimit(_ scores: [Score]) -> Double {
    let total = scores.reduce(0) { $0 + $1.count }
    var above = 0.0
    for item in scores.sorted(by: { $0.score > $1.score }) {
      above += item.count
      if above > total * firstShare { return max(item.score, smallestFirstLimit) }
    }
    return smallestFirstLimit
  }

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
}
