import Glibc

/// Evidence that the mean of a quantity of 0 or more lies above what is usual.
///
/// Each value multiplies a bet, 1 + λ(x − usual), whose expectation is at most 1 as long as the mean is
/// usual (Waudby-Smith and Ramdas 2024). The bets are restarted whenever they fall below 1, as CUSUM
/// does: an e-detector (Shin, Ramdas and Rinaldo 2023). So whatever the distribution is, on average
/// `patience` values pass before a false alarm, and it comes within n values with probability n /
/// `patience` at most.
struct DriftSignal: Equatable {
  let usual: Double
  /// Values that pass before a false alarm, on average.
  let patience: Double
  private let bet: Double
  /// ln of the product of the bets since the last restart; 0 or more.
  private var evidence = 0.0
  private var seen = 0
  /// Mean of the latest values: those long past weigh less and less.
  private(set) var value = 0.0

  /// Values that weigh together as much as all before them.
  private static let memory = 1_000

  /// - Parameter bet: λ, the stake on what comes being more than usual.
  private init(usual: Double, bet: Double, patience: Double) {
    self.usual = usual
    self.patience = patience
    // No bet may lose everything: the factor stays above zero.
    self.bet = max(0, min(bet, 0.9 / max(usual, 1e-9)))
  }

  /// A share of units: bets that it has risen to three times the usual, and by two in a hundred at
  /// least; for values of 0 and 1 this is the likelihood ratio.
  static func share(usual: Double, patience: Double) -> DriftSignal {
    let usual = min(max(usual, 1e-9), 1)
    let risen = min(0.99, max(3 * usual, usual + 0.02))
    return DriftSignal(
      usual: usual, bet: max(0, risen - usual) / (usual * max(1 - usual, 1e-9)), patience: patience)
  }

  /// A mean: bets that it has risen by half a standard deviation.
  static func mean(usual: Double, deviation: Double, patience: Double) -> DriftSignal {
    let shift = 0.5 * deviation + 0.01 * usual
    return DriftSignal(
      usual: usual,
      bet: shift / max(deviation * deviation + shift * shift, .leastNormalMagnitude),
      patience: patience)
  }

  mutating func add(_ value: Double) {
    guard value.isFinite, value >= 0 else { return }
    seen = min(seen + 1, Self.memory)
    self.value += (value - self.value) / Double(seen)
    evidence = max(0, evidence) + log1p(bet * (value - usual))
  }

  /// How far the evidence has come to an alarm, which is at 1.
  var progress: Double {
    let limit = log(patience)
    return limit > 0 ? max(0, evidence) / limit : 1
  }

  func write(to writer: SnapshotWriter) {
    writer.write(usual)
    writer.write(evidence)
    writer.write(seen)
    writer.write(value)
  }

  /// Goes on from what ``write(to:)`` wrote; false when something else was usual then.
  mutating func restore(_ reader: inout SnapshotReader) throws(BirchlogError) -> Bool {
    let usual = try reader.double()
    let evidence = try reader.double()
    let seen = try reader.count()
    let value = try reader.double()
    guard seen <= Self.memory else { throw reader.damaged }
    (self.evidence, self.seen, self.value) = (evidence, seen, value)
    return usual == self.usual
  }
}
