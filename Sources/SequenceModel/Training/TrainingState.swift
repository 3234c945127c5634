/// Where a training run stands between two epochs: all it needs to go on as if it had never stopped.
public struct TrainingState: Sendable, Equatable {
  /// What the run did so far; `epochs` are done.
  public var report: TrainingReport
  /// Batches so far.
  public var step: Int
  /// The parameters; of a complete run those that were kept.
  public var parameters: [Float]
  /// The parameters of the best epoch; empty without validation data and in a complete run.
  public var best: [Float]
  /// Adam's moments and the powers of its decay rates; empty in a complete run.
  public var moments: [[Float]]
  public var powers: [Double]
  /// There is no epoch left to run.
  public var isComplete: Bool

  /// Creates a state; whether it fits a run is checked where it is used.
  public init(
    report: TrainingReport, step: Int, parameters: [Float], best: [Float], moments: [[Float]],
    powers: [Double], isComplete: Bool
  ) {
    self.report = report
    self.step = step
    self.parameters = parameters
    self.best = best
    self.moments = moments
    self.powers = powers
    self.isComplete = isComplete
  }

  /// Whether a run over `count` parameters can go on from here.
  func fits(count: Int, options: TrainingOptions) -> Bool {
    let numbers = [parameters, best] + moments
    return parameters.count == count && (best.isEmpty || best.count == count)
      && (1...options.maximumEpochs).contains(report.epochs) && step >= 0
      && (0...report.epochs).contains(report.bestEpoch)
      && numbers.allSatisfy { $0.allSatisfy(\.isFinite) }
      && (isComplete
        || moments.count == 2 && powers.count == 2
          && moments.allSatisfy { $0.count == count })
  }
}
