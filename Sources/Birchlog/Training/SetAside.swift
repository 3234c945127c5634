/// Parts mixed input into what is learned from and what is too odd to be normal.
///
/// Anomalies that come in numbers hide each other: what has learned from them expects them. Looks that
/// *search* set aside whatever is odd to a model of what the look before kept, and what was hidden comes to
/// light as its like is no longer learned. They take some rare but normal units too, and more with every
/// look, for these hide each other as well. So the last looks *give back*: to a model of what is left most
/// of these units are odd but not very, while anomalies are far off.
///
/// The limits are the same for every log, since oddness is counted in what is usual in it. They do not
/// follow what was set aside: rare normal behaviour that is no longer learned looks as far off as any
/// anomaly, and would pull limits that count it further and further down.
enum SetAside {
  /// How odd units are (``Oddness``) and how many are.
  typealias Score = (score: Double, count: Double)

  /// Looks that search; they come first.
  private static let searches = 3
  /// Looks that give back. Rare units of one nature of which the first brings a part are learned then, and
  /// the second brings the rest.
  private static let returns = 2
  /// Times that the input is looked at.
  static let looks = searches + returns
  /// Of the false alarms that are allowed, the part that is left to normal units that stay set aside.
  static let shareOfRate = 0.5
  /// A search sets aside what is odder than this, in steps of ``Oddness``. In most logs that is what comes
  /// in less than one of a hundred units.
  private static let searchLimit = 5.0
  /// What is odder than this is not given back.
  private static let returnLimit = 8.0
  /// No more than this share of the units is ever set aside.
  private static let largestShare = 0.5

  /// How odd a unit may be to be kept by a look, by the number of the look.
  static func limit(look: Int) -> Double { look < searches ? searchLimit : returnLimit }

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
