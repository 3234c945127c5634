/// How much a group of normal units surprised a model that had not seen them.
struct UsualSurprise: Sendable, Equatable {
  /// Units of the group.
  var units: Double
  /// Their mean surprise, in nats an event, and its standard deviation.
  var mean: Double
  var deviation: Double

  /// Fewer units describe no behaviour that is worth telling apart.
  static let fewestUnits = 30.0
  /// Standard errors that go with a certainty of 99 %.
  private static let quantile = 2.326

  init(units: Double, mean: Double, deviation: Double) {
    self.units = units
    self.mean = mean
    self.deviation = deviation
  }

  /// Nil where no unit shows an average.
  ///
  /// - Parameters:
  ///   - samples: the signs of units; sessions that went on have no average.
  ///   - shares: the part of each sample's count that is of the group; nil for all.
  init?(_ samples: [Threshold.Sample], shares: [Double]? = nil, threshold: Threshold) {
    var (weight, sum, squares) = (0.0, 0.0, 0.0)
    for (index, sample) in samples.enumerated()
    where sample.peak <= threshold.score && sample.average > 0 {
      let count = Double(sample.count) * (shares?[index] ?? 1)
      weight += count
      sum += count * sample.average
      squares += count * sample.average * sample.average
    }
    guard weight > 0 else { return nil }
    let mean = sum / weight
    self.init(
      units: weight, mean: mean, deviation: max(0, squares / weight - mean * mean).squareRoot())
  }

  /// What the mean of the whole behaviour lies under, with a certainty of 99 %.
  var upperBound: Double { mean + Self.quantile * deviation / max(units, 1).squareRoot() }
}
