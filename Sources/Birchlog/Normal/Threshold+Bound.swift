import Glibc

/// How sure one may be of a rate of false positives.
extension Threshold {
  /// Lets the upper bound count units that were set aside.
  mutating func count(setAside units: Int) {
    setAside = units
    let above = Int((measuredRate * Double(self.units)).rounded())
    upperBound = Self.upperBound(
      successes: above + units, trials: self.units + units, level: 0.95)
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
