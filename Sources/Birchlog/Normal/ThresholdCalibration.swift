import Glibc

/// The score above which a unit is called anomalous, and how sure one may be of the rate behind it.
///
/// Three signs are weighed: a *peak*, one event in the wrong place or number, the *average* surprise,
/// much that is a little odd, and a *run*, a stretch of events that surprise together. Each has a limit
/// of its own, which together spend the allowed rate; they are scaled so that all limits are one number.
/// Where it finds more, a fourth sign is weighed beside them: how much a unit is like the unlabelled ones
/// of training (``Contrast``). It counts only for units that are odd by one of the others too, though less
/// than it takes alone, for what merely changed between the two inputs is no anomaly.
public struct Threshold: Sendable, Equatable {
  /// The signs of a held-out normal unit, and how often it came.
  struct Sample: Sendable, Equatable {
    var peak: Double
    var average: Double
    var run = 0.0
    var contrast = 0.0
    var count: Int

    init(peak: Double, average: Double, run: Double = 0, contrast: Double = 0, count: Int) {
      self.peak = peak
      self.average = average
      self.run = run
      self.contrast = contrast
      self.count = count
    }

    init(_ score: UnitScore, drift: Double, count: Int) {
      self.init(
        peak: score.peak, average: score.oddness, run: score.run(drift: drift)?.sum ?? 0,
        contrast: score.contrast, count: count)
    }
  }

  /// Units that score more are anomalous; the limit of the peak, in nats.
  public var score: Double
  /// The limit of the average, in nats an event.
  public var average: Double
  /// The limit of a run, in nats; 0 where runs are not weighed.
  public var run = 0.0
  /// Surprises below this, in nats, are nothing that a run could be made of; 0 where runs are not
  /// weighed.
  public var drift = 0.0
  /// The limit of the contrast.
  public var contrast = 0.0
  /// The score by the other signs from which on the contrast counts; 0 where it is not weighed.
  public var doubt = 0.0
  /// The share of normal units that may be called anomalous.
  public var targetRate: Double
  /// The share of held-out normal units that scored more.
  public var measuredRate: Double
  /// Upper end of the 95 % confidence interval of that rate (Clopper and Pearson, one-sided).
  public var upperBound: Double
  /// Normal units that were held out once each.
  public var units: Int
  /// Units of input that may hold anything that were set aside and not learned from. All of them may be
  /// normal, as far as is known, and the upper bound counts them.
  public internal(set) var setAside = 0

  /// Part of the allowed rate that is always left to the limits.
  private static let smallestPart = 0.2
  /// Shares of the allowed rate that the limits of peak and run may spend; the rest is the average's.
  private static let peakShare = 0.6
  private static let runShare = 0.2
  /// No limit is less, however regular the log: an event that was expected with one chance in seven, or
  /// a unit whose events came as expected in nine of ten cases each, is nothing to report.
  private static let smallestScore = 2.0
  private static let smallestAverage = 0.1
  /// Signs go together: the shares are raised by up to this factor until the allowed rate is spent.
  private static let largestRaise = 4.0
  /// Raising stops at this part of the allowed rate: a rate that was looked for on the very scores it is
  /// measured by comes out too small.
  private static let raisedShare = 0.8
  /// Share of the allowed rate that the other signs may spend beside the contrast.
  private static let shareBesideContrast = 0.6
  /// The contrast counts for units that score more than all but this share of the normal ones, and may
  /// by itself be exceeded by this share of them.
  private static let doubtfulShare = 0.2
  private static let contrastShare = 0.05

  /// The drift of runs: so many times the mean surprise of held-out normal units. Less makes long units
  /// score for their length, more misses what is odd but not much.
  static func drift(meanSurprise: Double) -> Double { max(2 * meanSurprise, 0.1) }

  /// The limits that keep the false-positive rate at `rate`.
  ///
  /// - Parameters:
  ///   - samples: each normal unit, scored by a model that had not seen it.
  ///   - drift: that of the samples' runs.
  ///   - lost: normal units beside them that were taken for anomalous beforehand. They spend part of the
  ///     rate, but never more than most of it.
  ///   - weighsContrast: whether the samples' contrast is a sign.
  init(
    samples: [Sample], drift: Double, rate: Double, lost: Double = 0, weighsContrast: Bool = false
  ) {
    let known = Double(samples.reduce(0) { $0 + $1.count })
    let spent = known > 0 ? lost / (known + lost) : 0
    let left = max(rate - spent, rate * Self.smallestPart)
    self.init(
      score: 0, average: 0, targetRate: rate, measuredRate: 0, upperBound: 1, units: 0)
    self.drift = drift
    let signs = SortedSigns(samples)
    var (low, high) = (weighsContrast ? Self.shareBesideContrast : 1.0, Self.largestRaise)
    setLimits(signs, rate: left)
    let whole = left * known + 1e-6
    let tolerated = whole * (weighsContrast ? Self.shareBesideContrast : Self.raisedShare)
    for _ in 0..<8 where known > 0 {
      let middle = (low + high) / 2
      setLimits(signs, rate: left * middle)
      if Double(above(samples)) <= tolerated { low = middle } else { high = middle }
    }
    setLimits(signs, rate: left * low)
    if weighsContrast { setContrast(samples, allowed: Int(whole)) }
    units = samples.reduce(0) { $0 + $1.count } + Int(lost.rounded())
    let above = above(samples) + Int(lost.rounded())
    measuredRate = units > 0 ? Double(above) / Double(units) : 0
    upperBound = Self.upperBound(successes: above, trials: units, level: 0.95)
  }

  /// The values of each sign with their counts, largest first.
  private struct SortedSigns {
    let peaks: [(value: Double, count: Int)]
    let averages: [(value: Double, count: Int)]
    let runs: [(value: Double, count: Int)]

    init(_ samples: [Sample]) {
      peaks = samples.map { ($0.peak, $0.count) }.sorted { $0.0 > $1.0 }
      averages = samples.map { ($0.average, $0.count) }.sorted { $0.0 > $1.0 }
      runs = samples.map { ($0.run, $0.count) }.sorted { $0.0 > $1.0 }
    }
  }

  private mutating func setLimits(_ signs: SortedSigns, rate: Double) {
    guard !signs.peaks.isEmpty else { return }
    score = max(
      Self.limit(sorted: signs.peaks, rate: rate * Self.peakShare), Self.smallestScore)
    run =
      drift > 0
      ? max(Self.limit(sorted: signs.runs, rate: rate * Self.runShare), Self.smallestScore) : 0
    average = max(
      Self.limit(sorted: signs.averages, rate: rate * (1 - Self.peakShare - Self.runShare)),
      Self.smallestAverage)
  }

  /// Sets the limit of the contrast such that with it no more than `allowed` units score too much.
  private mutating func setContrast(_ samples: [Sample], allowed: Int) {
    let scores = samples.map {
      (value: combined(peak: $0.peak, average: $0.average, run: $0.run), count: $0.count)
    }
    let doubt = Self.limit(scores, rate: Self.doubtfulShare)
    guard doubt > 0, score > 0 else { return }
    let open = zip(samples, scores).filter { $1.value > doubt && $1.value <= score }
    var left = allowed - above(samples)
    var limit = max(
      0, Self.limit(samples.map { ($0.contrast, $0.count) }, rate: Self.contrastShare))
    for (sample, _) in open.sorted(by: { $0.0.contrast > $1.0.contrast }) {
      guard sample.contrast > limit else { break }
      left -= sample.count
      if left < 0 {
        limit = sample.contrast
        break
      }
    }
    (contrast, self.doubt) = (limit, doubt)
  }

  private func above(_ samples: [Sample]) -> Int {
    samples.reduce(0) { sum, sample in
      let combined = combined(
        peak: sample.peak, average: sample.average, run: sample.run, contrast: sample.contrast)
      return combined > score ? sum + sample.count : sum
    }
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
    combined(
      peak: unit.peak, average: unit.oddness, run: run > 0 ? unit.run(drift: drift)?.sum ?? 0 : 0,
      contrast: unit.contrast)
  }

  /// The signs as one score.
  func combined(
    peak: Double, average: Double, run: Double, contrast: Double = -.infinity
  ) -> Double {
    var combined = peak
    // In this order a sign that is its limit gives the score's limit, and not the next larger number.
    if self.average > 0 { combined = max(combined, average / self.average * score) }
    if self.run > 0 { combined = max(combined, run / self.run * score) }
    guard doubt > 0, contrast > self.contrast, combined > doubt else { return combined }
    // Both must say so: the weaker one counts.
    return max(combined, score * min(1 + contrast - self.contrast, combined / doubt))
  }

  /// The smallest of the values that no more than `rate` of them exceed; ties never push the rate
  /// over.
  static func limit(_ values: [(value: Double, count: Int)], rate: Double) -> Double {
    let sorted = values.sorted { $0.value > $1.value }
    let total = sorted.reduce(0) { $0 + $1.count }
    return exceeded(by: Int((Double(total) * rate + tolerance).rounded(.down)), sorted)
  }

  /// The limit of a sign. Where the units are too few to show one that so small a share exceeds, it lies
  /// beyond the largest value: signs are logarithms of probabilities, whose tails thin out exponentially,
  /// as fast as the upper half of the values does.
  ///
  /// - Parameter sorted: the largest value first.
  private static func limit(sorted: [(value: Double, count: Int)], rate: Double) -> Double {
    let total = sorted.reduce(0) { $0 + $1.count }
    let allowed = Int((Double(total) * rate + tolerance).rounded(.down))
    guard allowed == 0, total > 1, let largest = sorted.first?.value else {
      return beyondCrowd(exceeded(by: allowed, sorted), allowed: allowed, sorted)
    }
    let median = exceeded(by: total / 2, sorted)
    var (excess, above) = (0.0, 0)
    for (value, count) in sorted where value > median {
      excess += Double(count) * (value - median)
      above += count
    }
    let expected = max(Double(total) * rate, smallestExpectation)
    return largest - (above > 0 ? excess / Double(above) : 0) * log(min(expected, 1))
  }

  /// A limit that would lie amid more units than may exceed it, moved into the gap above them: a sequence
  /// that many units share is else an alarm or none by what two networks differ in.
  private static func beyondCrowd(
    _ limit: Double, allowed: Int, _ sorted: [(value: Double, count: Int)]
  ) -> Double {
    var (crowd, next) = (0, Double.infinity)
    for (value, count) in sorted where value > limit * (1 - disagreement) {
      if value > limit { next = value } else { crowd += count }
    }
    return crowd > allowed ? min((limit + next) / 2, limit * (1 + disagreement)) : limit
  }

  /// Keeps a product such as 1000 × 0.002 from rounding to one less.
  private static let tolerance = 1e-6
  /// No tail is followed further than this part of a unit.
  private static let smallestExpectation = 0.01

  /// So much, of a score near its limit, networks differ in that learned from the same log: the standard
  /// deviation is 1 to 5 % on real and simulated ones.
  private static let disagreement = 0.03

  /// The smallest of the values that no more than `allowed` units exceed.
  private static func exceeded(
    by allowed: Int, _ sorted: [(value: Double, count: Int)]
  ) -> Double {
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
}
