import Glibc

/// A run of the training loop, an epoch at a time.
struct TrainingLoop<Network: TrainableNetwork> {
  private let trainer: Trainer<Network>
  private let plan: BatchPlan
  /// Passes over the windows in an epoch.
  private let passes: Int
  private let parameters, gradient: FloatBuffer
  private let optimiser: Optimiser
  private(set) var report = TrainingReport()
  private var best: [Float] = []
  private var step = 0
  private var clock: ProgressClock
  private(set) var isComplete = false

  private var options: TrainingOptions { trainer.options }
  private var stepsPerEpoch: Int { passes * plan.batchCount }

  /// - Parameter state: one that fits.
  init(_ trainer: Trainer<Network>, _ values: [Float], _ state: TrainingState?) {
    self.trainer = trainer
    let options = trainer.options
    plan = BatchPlan(importance: trainer.network.importance, batchSize: options.batchSize)
    passes = max(1, (options.minimumStepsPerEpoch + plan.batchCount - 1) / plan.batchCount)
    parameters = FloatBuffer(values)
    gradient = FloatBuffer(values.count)
    optimiser = Optimiser(kernels: trainer.kernels, count: values.count, options: options)
    clock = ProgressClock(interval: options.progressInterval)
    guard let state else { return }
    optimiser.restore(moments: state.moments, powers: state.powers)
    (report, best, step) = (state.report, state.best, state.step)
    clock.doneBefore = Double(report.epochs) / Double(options.maximumEpochs)
    isComplete = isOver
  }

  /// The state after the last whole epoch.
  var state: TrainingState {
    let (moments, powers) = optimiser.state
    return TrainingState(
      report: report, step: step, parameters: parameters.array, best: best, moments: moments,
      powers: powers, isComplete: false)
  }

  /// The state of a complete run whose outcome is `values`.
  func completeState(_ values: [Float]) -> TrainingState {
    TrainingState(
      report: report, step: step, parameters: values, best: [], moments: [], powers: [],
      isComplete: true)
  }

  /// The weights to keep.
  func result() throws(SequenceModelError) -> [Float] {
    let trained = best.isEmpty ? parameters.array : best
    guard trained.allSatisfy(\.isFinite) else { throw .diverged(epoch: report.epochs) }
    return trained
  }

  private var isOver: Bool {
    report.epochs >= options.maximumEpochs
      || !report.validationLoss.isEmpty && report.epochs - report.bestEpoch >= options.patience
  }

  /// Runs the next epoch.
  mutating func epoch() throws(SequenceModelError) {
    let epoch = report.epochs + 1
    var loss = 0.0
    var steps = 0
    for pass in 0..<passes {
      var generator = SeededGenerator(options.seed, 3, UInt64(epoch), UInt64(pass))
      for batch in plan.batches(generator: &generator) {
        loss += try learn(batch, epoch: epoch)
        steps += 1
        clock.windows += batch.count
        if steps < stepsPerEpoch, clock.isDue,
          !tell(epoch, steps, loss, report.validationLoss.last)
        {
          throw .cancelled
        }
      }
    }
    report.trainingLoss.append(loss / Double(steps))
    let validation = try validate(epoch, steps, loss)
    report.epochs = epoch
    if let validation {
      report.validationLoss.append(validation)
      if validation < report.bestValidationLoss ?? .infinity {
        report.bestValidationLoss = validation
        report.bestEpoch = epoch
        best = parameters.array
      }
    } else {
      report.bestEpoch = epoch
    }
    isComplete = isOver
    if !tell(epoch, steps, loss, validation) { throw .cancelled }
  }

  /// One step of Adam; returns the batch's loss.
  private mutating func learn(
    _ batch: [BatchEntry], epoch: Int
  ) throws(SequenceModelError) -> Double {
    let loss = trainer.network.gradient(
      parameters, batch, scale: Float(plan.batchCount), step: UInt64(step), into: gradient)
    let rate = learningRate(of: stepsPerEpoch * options.maximumEpochs)
    guard loss.isFinite, optimiser.step(parameters, gradient: gradient, learningRate: rate)
    else { throw .diverged(epoch: epoch) }
    step += 1
    return loss
  }

  private mutating func validate(
    _ epoch: Int, _ steps: Int, _ loss: Double
  ) throws(SequenceModelError) -> Double? {
    var isCancelled = false
    let validation = trainer.network.validationLoss(parameters) {
      isCancelled =
        isCancelled || clock.isDue && !tell(epoch, steps, loss, report.validationLoss.last)
      return !isCancelled
    }
    if isCancelled { throw .cancelled }
    if let validation, !validation.isFinite { throw .diverged(epoch: epoch) }
    return validation
  }

  private func learningRate(of total: Int) -> Float {
    switch options.schedule {
    case .constant:
      return options.learningRate
    case .cosine(let fraction):
      let course = Float((1 + cos(Double.pi * Double(step) / Double(max(total, 1)))) / 2)
      return options.learningRate * (fraction + (1 - fraction) * course)
    }
  }

  /// Reports progress; false cancels.
  private mutating func tell(
    _ epoch: Int, _ steps: Int, _ loss: Double, _ validation: Double?
  ) -> Bool {
    let done = Double(epoch - 1) + Double(steps) / Double(stepsPerEpoch)
    let fraction = done / Double(options.maximumEpochs)
    clock.lastReport = ProgressClock.now
    return trainer.progress(
      TrainingProgress(
        epoch: epoch, maximumEpochs: options.maximumEpochs, fraction: fraction,
        trainingLoss: loss / Double(steps), validationLoss: validation,
        windowsPerSecond: clock.windowsPerSecond,
        remainingSeconds: clock.remainingSeconds(fraction)))
  }
}

/// Measures speed, and when progress is to be told again within a long epoch, so that a run can be
/// cancelled in time.
private struct ProgressClock {
  let interval: Double
  var windows = 0
  var lastReport = ProgressClock.now
  /// Share of the run that was done before the clock started.
  var doneBefore = 0.0
  private let start = ProgressClock.now

  init(interval: Double) { self.interval = interval }

  var isDue: Bool { interval <= 0 || ProgressClock.now - lastReport >= interval }

  var windowsPerSecond: Double {
    Double(windows) / max(ProgressClock.now - start, 1e-9)
  }

  func remainingSeconds(_ fraction: Double) -> Double? {
    guard fraction > doneBefore else { return nil }
    return (ProgressClock.now - start) / (fraction - doneBefore) * (1 - fraction)
  }

  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
