import Glibc

/// The score above which a unit is called anomalous, and how sure one may be of the rate behind it.
///
/// Two signs are weighed: a *peak*, one event in the wrong place or number, and the *average*
/// surprise, much that is a little odd. Each has a limit of its own, which together spend the
/// allowed rate; the average is scaled so that both limits are one number.
public struct Threshold: Sendable, Equatable {
  /// The two signs of a held-out normal unit, and how often it came.
  struct Sample: Sendable, Equatable {
    var peak: Double
    var average: Double
    var count: Int

    init(peak: Double, average: Double, count: Int) {
      self.peak = peak
      self.average = average
      self.count = count
    }

    init(_ score: UnitScore, count: Int) {
      self.init(peak: score.peak, average: score.average, count: count)
    }
  }

  /// Units that score more are anomalous; the limit of the peak, in nats.
  public var score: Double
  /// The limit of the average, in nats an event.
  public var average: Double
  /// The share of normal units that may be called anomalous.
  public var targetRate: Double
  /// The share of held-out normal units that scored more.
  public var measuredRate: Double
  /// Upper end of the 95 % confidence interval of that rate (Clopper and Pearson, one-sided).
  public var upperBound: Double
  /// Normal units that were held out once each.
  public var units: Int

  /// Part of the allowed rate that is always left to the limits.
  private static let smallestPart = 0.2
  /// Share of the allowed rate that the peak's limit may spend; the rest is the average's.
  private static let peakShare = 0.8

  /// The limits that keep the false-positive rate at `rate`.
  ///
  /// - Parameters:
  ///   - samples: each normal unit, scored by a model that had not seen it.
  ///   - lost: normal units beside them that were taken for anomalous beforehand. They spend part of the
  ///     rate, but never more than most of it.
  init(samples: [Sample], rate: Double, lost: Double = 0) {
    let known = Double(samples.reduce(0) { $0 + $1.count })
    let spent = known > 0 ? lost / (known + lost) : 0
    let left = max(rate - spent, rate * Self.smallestPart)
    let peak = Self.limit(samples.map { ($0.peak, $0.count) }, rate: left * Self.peakShare)
    let average = Self.limit(
      samples.map { ($0.average, $0.count) }, rate: left * (1 - Self.peakShare))
    self.init(
      score: peak, average: average, targetRate: rate, measuredRate: 0, upperBound: 1, units: 0)
    var above = 0
    for sample in samples {
      units += sample.count
      if combined(peak: sample.peak, average: sample.average) > score { above += sample.count }
    }
    let missing = Int(lost.rounded())
    above += missing
    units += missing
    measuredRate = units > 0 ? Double(above) / Double(units) : 0
    upperBound = Self.upperBound(successes: above, trials: units, level: 0.95)
  }

  public init(
    score: Double, average: Double, targetRate: Double, measuredRate: Double, upperBound: Double,
    units: Int
  ) {
    self.score = score
    self.average = average
    self.targetRate = targetRate
    self.measuredRate = measuredRate
    self.upperBound = upperBound
    self.units = units
  }

  /// The score of a unit, to be compared with ``score``.
  public func score(of unit: UnitScore) -> Double {
    combined(peak: unit.peak, average: unit.average)
  }

  private func combined(peak: Double, average: Double) -> Double {
    guard self.average > 0 else { return peak }
    return max(peak, average * score / self.average)
  }

  /// The smallest of the values that no more than `rate` of them exceed; ties never push the rate
  /// over.
  static func limit(_ values: [(value: Double, count: Int)], rate: Double) -> Double {
    let sorted = values.filter { $0.count > 0 }.sorted { $0.value > $1.value }
    // The tolerance keeps a product such as 1000 × 0.002 from rounding to one less.
    let allowed = Int((Double(sorted.reduce(0) { $0 + $1.count }) * rate + 1e-6).rounded(.down))
    var above = 0
    var index = 0
    while index < sorted.count {
      var tied = 0
      var next = index
      while next < sorted.count, sorted[next].value == sorted[index].value {
        tied += sorted[next].count
        next += 1
      }
      if above + tied > allowed { return sorted[index].value }
      above += tied
      index = next
    }
    return 0
  }

  /// The largest rate under which seeing no more than `successes` in `trials` is not rarer than 1 −
  /// `level`.
  static func upperBound(successes: Int, trials: Int, level: Double) -> Double {
    guard trials > 0, successes < trials else { return 1 }
    guard successes <= exactSuccesses else {
      return wilsonBound(successes: successes, trials: trials, level: level)
    }
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

  /// Up to so many successes the binomial distribution is summed; beyond, the normal one is as good.
  private static let exactSuccesses = 10_000

  /// The upper end of Wilson's score interval (1927).
  private static func wilsonBound(successes: Int, trials: Int, level: Double) -> Double {
    var low = 0.0
    var high = 40.0
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if erfc(middle / 2.0.squareRoot()) / 2 > 1 - level { low = middle } else { high = middle }
    }
    let share = Double(successes) / Double(trials)
    let step = high * high / Double(trials)
    let spread = share * (1 - share) / Double(trials) + step / (4 * Double(trials))
    return (share + step / 2 + high * spread.squareRoot()) / (1 + step)
  }

  /// Probability of at most `successes` in `trials`.
  private static func binomialTail(upTo successes: Int, trials: Int, rate: Double) -> Double {
    guard rate > 0 else { return 1 }
    guard rate < 1 else { return 0 }
    // Each term from the one before it, in logarithms: powers of a small rate would vanish.
    var term = Double(trials) * log1p(-rate)
    var sum = exp(term)
    for count in 0..<successes {
      term += log(Double(trials - count) / Double(count + 1)) + log(rate) - log1p(-rate)
      sum += exp(term)
    }
    return sum
  }
}
