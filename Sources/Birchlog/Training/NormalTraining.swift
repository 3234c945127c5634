import SequenceModel

/// What stage 1 learned, and from what.
struct NormalTraining {
  var model: NormalModel
  var threshold: Threshold
  /// The signs of held-out units, which the threshold comes from.
  var samples: [Threshold.Sample]
  /// The units of the samples.
  var sampleUnits: [Unit]
  /// Loss curves, means over the folds, in nats a window.
  var trainingLoss: [Double]
  var validationLoss: [Double]
  var epochs: Int
  var totalWindows: Double
  var distinctWindows: Int
}

/// Stage 1: learns normal behaviour, and by cross-fitting the score that normal units stay under.
///
/// Each fold's network never sees the fold's sessions; their scores, pooled, estimate the
/// false-positive rate, and their losses say when to stop. The final network then learns from all
/// sessions for as long as the folds found best, so that no normal behaviour is withheld from it.
struct NormalTrainer {
  var options: Options
  let unitKind: Options.UnitKind
  let vocabulary: Vocabulary
  let threads: Int
  let checkpoint: TrainingCheckpoint?
  /// Asked within long computations; false cancels.
  let goesOn: () -> Bool
  /// Reports progress; false cancels.
  let progress: (TrainingProgress, _ run: Int, _ runs: Int) -> Bool

  typealias Example = NormalMemory.Example

  /// - Parameter lost: normal units that are missing among the examples because they score most;
  ///   they count as false positives.
  func train(_ examples: [Example], lost: Double = 0) throws(BirchlogError) -> NormalTraining {
    let counts = CountProfile(
      units: examples.map { (unit: $0.unit, count: $0.count) }, vocabulary: vocabulary)
    var held: [(unit: Unit, score: UnitScore, count: Int)] = []
    var epochs: [Int] = []
    var trainingLoss: [[Double]] = []
    var validationLoss: [[Double]] = []
    let folds = usableFolds(examples)
    let runs = folds.count + 1
    for (run, fold) in folds.enumerated() {
      let (model, report) = try fit(examples, counts: counts, without: fold, run: run, runs: runs)
      epochs.append(report.bestEpoch)
      trainingLoss.append(report.trainingLoss)
      validationLoss.append(report.validationLoss)
      let heldOut = examples.filter { $0.counts[fold] > 0 }
      let scores = try model.score(
        heldOut.map(\.unit), threads: threads, standing: .heldOut, goesOn: goesOn)
      for (example, score) in zip(heldOut, scores) {
        held.append((example.unit, score.signsOnly, Int(example.counts[fold])))
      }
    }
    let budget = epochs.isEmpty ? options.epochs : epochs.sorted()[epochs.count / 2]
    let (model, report) = try fit(
      examples, counts: counts, without: nil, epochs: max(1, budget), run: runs - 1, runs: runs)
    if folds.isEmpty {
      // Too few different sessions to hold any out: the training scores are all there is, and the
      // bound says so.
      let scores = try model.score(
        examples.map(\.unit), threads: threads, standing: .learned, goesOn: goesOn)
      held = zip(examples, scores).map { ($0.unit, $1.signsOnly, Int($0.count)) }
    }
    let drift = Self.drift(held.map { (score: $0.score, count: $0.count) })
    let samples = held.map { Threshold.Sample($0.score, drift: drift, count: $0.count) }
    let windows = self.windows(examples, without: nil)
    return NormalTraining(
      model: model,
      threshold: Threshold(
        samples: samples, drift: drift, rate: options.falsePositiveRate, lost: lost),
      samples: samples, sampleUnits: held.map(\.unit),
      trainingLoss: folds.isEmpty ? report.trainingLoss : mean(trainingLoss),
      validationLoss: mean(validationLoss), epochs: budget, totalWindows: windows.total,
      distinctWindows: windows.count)
  }

  /// What runs of surprising events are counted beyond: by the mean surprise of held-out events.
  private static func drift(_ held: [(score: UnitScore, count: Int)]) -> Double {
    var sum = 0.0
    var events = 0.0
    for (score, count) in held {
      let weight = Double(count) * Double(score.surprises.count)
      sum += weight * score.average
      events += weight
    }
    return Threshold.drift(meanSurprise: events > 0 ? sum / events : 0)
  }

  /// A look needs no more than a rough idea of what is usual: this part of the epochs.
  private static let lookFraction = 3

  /// What one look at mixed input sees.
  struct Look {
    /// The signs of each example.
    var samples: [Threshold.Sample]
    /// Those of held-out units of what was learned from.
    var heldOut: [Threshold.Sample]
  }

  /// Learns from some of the examples and scores all by what was learned, in input that may hold
  /// anything. One fold of those learned from is held out, each time the next one; what only the others
  /// have is judged by a network that knows it.
  ///
  /// - Parameter learned: indices of the examples to learn from; their own counts do not speak for them.
  func look(
    at examples: [Example], learning learned: [Int], look: Int
  ) throws(BirchlogError) -> Look {
    let known = learned.map { examples[$0] }
    let counts = CountProfile(
      units: known.map { (unit: $0.unit, count: $0.count) }, vocabulary: vocabulary)
    let folds = usableFolds(known)
    let fold = folds.isEmpty ? nil : folds[look % folds.count]
    let (model, _) = try fit(
      known, counts: counts, without: fold,
      epochs: max(1, options.epochs / Self.lookFraction), run: look, runs: SetAside.looks)
    let isKnown = Set(learned)
    let others = examples.indices.filter { !isKnown.contains($0) }
    let seen = try model.score(
      known.map(\.unit), threads: threads, standing: .heldOut, goesOn: goesOn)
    let unseen = try model.score(others.map { examples[$0].unit }, threads: threads, goesOn: goesOn)
    let held = zip(known, seen).map { example, score in
      (score: score, count: Int(fold.map { example.counts[$0] } ?? example.counts.wrappedSum()))
    }.filter { $0.count > 0 }
    let drift = Self.drift(held)
    var samples = examples.map {
      Threshold.Sample(peak: 0, average: 0, count: Int($0.counts.wrappedSum()))
    }
    for (index, score) in zip(learned + others, seen + unseen) {
      samples[index] = Threshold.Sample(score, drift: drift, count: samples[index].count)
    }
    return Look(
      samples: samples,
      heldOut: held.map { Threshold.Sample($0.score, drift: drift, count: $0.count) })
  }

  /// Folds that have units of their own and leave others to learn from.
  func usableFolds(_ examples: [Example]) -> [Int] {
    var counts = UnitStore.FoldCounts()
    for example in examples { counts &+= example.counts }
    let whole = counts.wrappedSum()
    return (0..<UnitStore.foldCount).filter { counts[$0] > 0 && counts[$0] < whole }
  }

  func windows(_ examples: [Example], without fold: Int?) -> TrainingWindows {
    var windows = TrainingWindows(vocabulary: vocabulary, window: options.window)
    for example in examples {
      let left = fold.map { example.counts[$0] } ?? 0
      windows.add(example.unit, count: example.count - Double(left))
    }
    return windows
  }

  /// A network sees every window so often, or a sample of the windows.
  private static let fewestEpochs = 3
  /// Held-out windows that tell when to stop: no more are needed to compare epochs.
  private static let checkedWindows = 20_000

  private func fit(
    _ examples: [Example], counts: CountProfile, without fold: Int?, epochs: Int? = nil, run: Int,
    runs: Int
  ) throws(BirchlogError) -> (NormalModel, TrainingReport) {
    let training = windows(examples, without: fold).sampled(
      options.trainingWindows / Self.fewestEpochs)
    let affordable = options.trainingWindows / max(training.targets.count, 1)
    let epochs = min(epochs ?? options.epochs, max(affordable, Self.fewestEpochs))
    var validation = TrainingWindows(vocabulary: vocabulary, window: options.window)
    if let fold {
      for example in examples { validation.add(example.unit, count: Double(example.counts[fold])) }
    }
    let checked = validation.sampled(Self.checkedWindows)
    var key = FitKey("normal", options: options, epochs: epochs)
    key.add(training)
    key.add(checked)
    let (network, report) = try checkpointed(checkpoint, key) { state, keep throws(BirchlogError) in
      do throws(SequenceModelError) {
        var network = try NextEventModel(
          configuration: options.networkConfiguration(vocabulary: vocabulary), seed: options.seed)
        let report = try network.train(
          training, validation: checked,
          options: options.trainingOptions(
            vocabulary: vocabulary, epochs: epochs, threads: threads),
          from: state, progress: { progress($0, run, runs) }, keep: keep)
        return (network, report)
      } catch {
        throw .init(error)
      }
    }
    var model = NormalModel(
      vocabulary: vocabulary, window: options.window,
      counts: counts, meanState: [Float](repeating: 0, count: options.hiddenSize), network: network,
      knowsEnds: examples.contains { $0.unit.tail == .end })
    if fold == nil { model.meanState = try meanState(of: model, examples: examples) }
    return (model, report)
  }

  func meanState(of model: NormalModel, examples: [Example]) throws(BirchlogError)
    -> [Float]
  {
    let scores = try model.score(examples.map(\.unit), threads: threads, goesOn: goesOn)
    var sum = [Double](repeating: 0, count: options.hiddenSize)
    var weight = 0.0
    for (example, score) in zip(examples, scores) {
      let state = options.unitState(of: score, kind: unitKind)
      for index in sum.indices { sum[index] += example.count * Double(state[index]) }
      weight += example.count
    }
    return sum.map { Float($0 / max(weight, 1)) }
  }

  private func mean(_ curves: [[Double]]) -> [Double] {
    let length = curves.map(\.count).max() ?? 0
    return (0..<length).map { epoch in
      let values = curves.compactMap { $0.indices.contains(epoch) ? $0[epoch] : nil }
      return values.reduce(0, +) / Double(max(values.count, 1))
    }
  }
}
