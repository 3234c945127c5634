import Glibc

/// What is usual of a stream that has not moved away from what the model learned, with the
/// uncertainty of few units: bounds that are true with 99 % confidence each.
struct DriftBaseline: Sendable, Equatable {
  /// Share of units that hold an event training never saw.
  var unseen: Double
  /// Share of units of no known kind.
  var unknown: Double?
  /// Mean surprise of units that are not anomalous, in nats an event, and its standard deviation.
  var surprise: Double
  var deviation: Double

  private static let level = 0.99
  /// Standard errors that go with that level.
  private static let quantile = 2.326
  /// What is usual may be exceeded by this part: so little is no drift whatever the certainty.
  private static let tolerance = 1.1

  /// - Parameters:
  ///   - samples: the signs of normal units, scored by models that had not seen them.
  ///   - counts: how often events come in normal units.
  init(samples: [Threshold.Sample], threshold: Threshold, counts: CountProfile, isTopG: Bool) {
    // How often a unit holds an event that no other holds estimates how often the next one will (Good
    // and Turing).
    let singles = counts.columns.count { $0.first.map { $0.atLeast < 1.5 } ?? false }
    let total = Int(min(counts.total, 1e15))
    unseen =
      Self.tolerance
      * Threshold.upperBound(
        successes: min(singles, total), trials: total, level: Self.level)
    // Any held-out normal unit that scored over the limit might be of no known kind.
    let above = Int((threshold.measuredRate * Double(threshold.units)).rounded())
    unknown =
      isTopG
      ? nil
      : Self.tolerance
        * Threshold.upperBound(
          successes: above, trials: threshold.units, level: Self.level)
    var weight = 0.0
    var sum = 0.0
    var squares = 0.0
    // Sessions that went on have no average.
    for sample in samples where sample.peak <= threshold.score && sample.average > 0 {
      let count = Double(sample.count)
      weight += count
      sum += count * sample.average
      squares += count * sample.average * sample.average
    }
    let mean = weight > 0 ? sum / weight : Double(NormalModel.surpriseLimit)
    deviation = weight > 0 ? max(0, squares / weight - mean * mean).squareRoot() : 0
    surprise = Self.tolerance * (mean + Self.quantile * deviation / max(weight, 1).squareRoot())
  }
}

extension Model {
  /// What drift is measured against.
  var driftBaseline: DriftBaseline {
    DriftBaseline(
      samples: memory.samples, threshold: threshold, counts: normal.counts,
      isTopG: options.detector == .topG || options.largestKindIsNormal)
  }
}
