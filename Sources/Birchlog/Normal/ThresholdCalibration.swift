import Glibc

/// The score above which a unit is called anomalous, and how sure one may be of the rate behind it.
public struct Threshold: Sendable, Equatable {
  /// Units that score more are anomalous.
  public var score: Double
  /// The share of normal units that may be called anomalous.
  public var targetRate: Double
  /// The share of held-out normal units that scored more.
  public var measuredRate: Double
  /// Upper end of the 95 % confidence interval of that rate (Clopper and Pearson, one-sided).
  public var upperBound: Double
  /// Normal units that were held out once each.
  public var units: Int

  /// The threshold that keeps the false-positive rate at `rate`.
  ///
  /// - Parameter scores: score and multiplicity of each normal unit, each scored by a model that had not seen it.
  public init(scores: [(score: Double, count: Int)], rate: Double) {
    let sorted = scores.filter { $0.count > 0 }.sorted { $0.score > $1.score }
    let total = sorted.reduce(0) { $0 + $1.count }
    let allowed = Int((Double(total) * rate).rounded(.down))
    var above = 0
    var index = 0
    // The threshold is the largest score that more than the allowed number of units reach; units that reach exactly it pass.
    while index < sorted.count {
      var tied = 0
      var next = index
      while next < sorted.count, sorted[next].score == sorted[index].score {
        tied += sorted[next].count
        next += 1
      }
      if above + tied > allowed { break }
      above += tied
      index = next
    }
    score = index < sorted.count ? sorted[index].score : 0
    targetRate = rate
    units = total
    measuredRate = total > 0 ? Double(above) / Double(total) : 0
    upperBound = Self.upperBound(successes: above, trials: total, level: 0.95)
  }

  public init(score: Double, targetRate: Double, measuredRate: Double, upperBound: Double, units: Int) {
    self.score = score
    self.targetRate = targetRate
    self.measuredRate = measuredRate
    self.upperBound = upperBound
    self.units = units
  }

  /// The largest rate under which seeing no more than `successes` in `trials` is not rarer than 1 − `level`.
  static func upperBound(successes: Int, trials: Int, level: Double) -> Double {
    guard trials > 0, successes < trials else { return 1 }
    var low = Double(successes) / Double(trials)
    var high = 1.0
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if binomialTail(upTo: successes, trials: trials, rate: middle) > 1 - level {
        low = middle
      } else {
        high = middle
      }
    }
    return high
  }

  /// Probability of at most `successes` in `trials`.
  private static func binomialTail(upTo successes: Int, trials: Int, rate: Double) -> Double {
    guard rate > 0 else { return 1 }
    guard rate < 1 else { return 0 }
    var sum = 0.0
    let whole = lgamma(Double(trials) + 1)
    for count in 0...successes {
      let ways = whole - lgamma(Double(count) + 1) - lgamma(Double(trials - count) + 1)
      sum += exp(ways + Double(count) * log(rate) + Double(trials - count) * log1p(-rate))
    }
    return sum
  }
}
