import Glibc

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

  /// Loss over the validation data, nil when there is none.
  func validationLoss(_ parameters: FloatBuffer) -> Double?
}

/// The training loop: batches, Adam, learning-rate schedule, early stopping, progress.
struct Trainer<Network: TrainableNetwork> {
  let network: Network
  let options: TrainingOptions
  let kernels: Kernels
  let progress: (TrainingProgress) -> Bool

  /// Trains the parameters; on an error they are as they were.
  func train(_ values: inout [Float]) throws(SequenceModelError) -> TrainingReport {
    let plan = BatchPlan(importance: network.importance, batchSize: options.batchSize)
    let passes = max(1, (options.minimumStepsPerEpoch + plan.batchCount - 1) / plan.batchCount)
    let stepsPerEpoch = passes * plan.batchCount
    let parameters = FloatBuffer(values)
    let gradient = FloatBuffer(values.count)
    let optimiser = Optimiser(kernels: kernels, count: values.count, options: options)
    var report = TrainingReport()
    var best: [Float] = []
    var step = 0
    var clock = ProgressClock()
    for epoch in 1...options.maximumEpochs {
      var loss = 0.0
      var steps = 0
      for pass in 0..<passes {
        var generator = SeededGenerator(options.seed, 3, UInt64(epoch), UInt64(pass))
        for batch in plan.batches(generator: &generator) {
          let batchLoss = network.gradient(
            parameters, batch, scale: Float(plan.batchCount), step: UInt64(step), into: gradient)
          let rate = learningRate(step: step, of: stepsPerEpoch * options.maximumEpochs)
          guard batchLoss.isFinite,
            optimiser.step(parameters, gradient: gradient, learningRate: rate)
          else { throw .diverged(epoch: epoch) }
          loss += batchLoss
          steps += 1
          step += 1
          clock.windows += batch.count
          if steps < stepsPerEpoch, clock.isDue {
            try tell(epoch, steps, stepsPerEpoch, loss, report.validationLoss.last, &clock)
          }
        }
      }
      report.epochs = epoch
      report.trainingLoss.append(loss / Double(steps))
      let validation = network.validationLoss(parameters)
      if let validation {
        guard validation.isFinite else { throw .diverged(epoch: epoch) }
        report.validationLoss.append(validation)
        if validation < report.bestValidationLoss ?? .infinity {
          report.bestValidationLoss = validation
          report.bestEpoch = epoch
          best = parameters.array
        }
      } else {
        report.bestEpoch = epoch
      }
      try tell(epoch, steps, stepsPerEpoch, loss, validation, &clock)
      if validation != nil && epoch - report.bestEpoch >= options.patience { break }
    }
    let trained = best.isEmpty ? parameters.array : best
    guard trained.allSatisfy(\.isFinite) else { throw .diverged(epoch: report.epochs) }
    values = trained
    return report
  }

  private func learningRate(step: Int, of total: Int) -> Float {
    switch options.schedule {
    case .constant:
      return options.learningRate
    case .cosine(let fraction):
      let course = Float((1 + cos(Double.pi * Double(step) / Double(max(total, 1)))) / 2)
      return options.learningRate * (fraction + (1 - fraction) * course)
    }
  }

  private func tell(
    _ epoch: Int, _ steps: Int, _ stepsPerEpoch: Int, _ loss: Double, _ validation: Double?,
    _ clock: inout ProgressClock
  ) throws(SequenceModelError) {
    let done = Double(epoch - 1) + Double(steps) / Double(stepsPerEpoch)
    let state = TrainingProgress(
      epoch: epoch, maximumEpochs: options.maximumEpochs,
      fraction: done / Double(options.maximumEpochs), trainingLoss: loss / Double(steps),
      validationLoss: validation, windowsPerSecond: clock.windowsPerSecond)
    clock.lastReport = ProgressClock.now
    if !progress(state) { throw .cancelled }
  }
}

/// Measures speed, and when progress is to be told again within a long epoch, so that a run can be
/// cancelled in time.
private struct ProgressClock {
  var windows = 0
  var lastReport = ProgressClock.now
  private let start = ProgressClock.now

  var isDue: Bool { ProgressClock.now - lastReport >= 0.25 }

  var windowsPerSecond: Double {
    Double(windows) / max(ProgressClock.now - start, 1e-9)
  }

  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
