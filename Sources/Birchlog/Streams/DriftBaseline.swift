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
  /// What is usual may be exceeded by this part: so little is no drift whatever the certainty.
  private static let tolerance = 1.1

  /// - Parameters:
  ///   - memory: the signs of normal units, scored by models that had not seen them. The behaviour that
  ///     surprises most sets what is usual: any of it may make up the stream.
  ///   - counts: how often events come in normal units.
  init(memory: NormalMemory, threshold: Threshold, counts: CountProfile, isTopG: Bool) {
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
    let all = UsualSurprise(memory.samples, threshold: threshold)
    let usual = ((all.map { [$0] } ?? []) + memory.usual).max { $0.upperBound < $1.upperBound }
    surprise = Self.tolerance * (usual?.upperBound ?? Double(NormalModel.surpriseLimit))
    deviation = usual?.deviation ?? 0
  }
}

extension Model {
  /// What drift is measured against.
  var driftBaseline: DriftBaseline {
    DriftBaseline(
      memory: memory, threshold: threshold, counts: normal.counts,
      isTopG: options.detector == .topG || options.largestKindIsNormal)
  }
}
