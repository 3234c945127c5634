/// A network with its data, as far as the training loop needs to know it.
protocol TrainableNetwork: AnyObject {
  /// A weight for each training example, by which batches are composed.
  var importance: [Double] { get }

  /// Computes the loss of a batch and its gradient, both multiplied by `scale`.
  ///
  /// `step` numbers the batches of the run: randomness of a batch depends on it and the seed alone.
  func gradient(
    _ parameters: FloatBuffer, _ batch: [BatchEntry], scale: Float, step: UInt64,
    into gradient: FloatBuffer
  ) -> Double

  /// Loss over the validation data, nil when there is none or when `goesOn`, asked again and again,
  /// says no.
  func validationLoss(_ parameters: FloatBuffer, goesOn: () -> Bool) -> Double?
}

/// The training loop: batches, Adam, learning-rate schedule, early stopping, progress.
struct Trainer<Network: TrainableNetwork> {
  let network: Network
  let options: TrainingOptions
  let kernels: Kernels
  let progress: (TrainingProgress) -> Bool

  /// Trains the parameters; on an error they are as they were.
  ///
  /// - Parameters:
  ///   - state: where an earlier run with the same data and options stopped; one that does not fit is
  ///     ignored.
  ///   - keep: takes the state after each epoch.
  func train(
    _ values: inout [Float], from state: TrainingState? = nil,
    keep: ((TrainingState) -> Void)? = nil
  ) throws(SequenceModelError) -> TrainingReport {
    let state = state.flatMap { $0.fits(count: values.count, options: options) ? $0 : nil }
    if let state, state.isComplete {
      values = state.parameters
      return state.report
    }
    var run = TrainingLoop(self, state?.parameters ?? values, state)
    while !run.isComplete {
      try run.epoch()
      if let keep, !run.isComplete { keep(run.state) }
    }
    values = try run.result()
    keep?(run.completeState(values))
    return run.report
  }
}
