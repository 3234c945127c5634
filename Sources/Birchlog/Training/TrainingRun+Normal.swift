import SequenceModel

extension TrainingRun {
  struct NormalResult {
    var model: NormalModel
    var threshold: Threshold
    /// The signs of held-out normal units, which the threshold comes from.
    var samples: [Threshold.Sample]
    /// What normal behaviour was learned from.
    var normal: [NormalTrainer.Example]
  }

  /// Stage 1. With clean input it learns from that; else it learns from all, sets the most
  /// surprising units aside and learns again.
  func learnNormal(
    _ store: UnitStore, unitKind: Options.UnitKind, record: inout TrainingRecord
  ) throws(BirchlogError) -> NormalResult {
    let clean = store.entries.filter { $0.normalCount > 0 }
    var examples = clean.map { NormalTrainer.Example(unit: $0.unit, counts: $0.normal) }
    if clean.isEmpty {
      let all = store.entries.map { NormalTrainer.Example(unit: $0.unit, counts: $0.mixed) }
      examples = try normalPart(of: all, store: store, unitKind: unitKind)
      let keptUnits = examples.reduce(0) { $0 + $1.count }
      record.setAsideShare = 1 - keptUnits / Double(max(record.mixedUnits, 1))
    }
    let vocabulary = vocabulary(
      normal: examples, store: store, firstNew: record.firstNewEvent)
    let training = try normalTrainer(vocabulary: vocabulary, unitKind: unitKind).train(examples)
    record.epochs = training.epochs
    record.trainingLoss = training.trainingLoss
    record.validationLoss = training.validationLoss
    record.totalWindows = training.totalWindows
    record.distinctWindows = training.distinctWindows
    warn(about: training.threshold, record: &record)
    return NormalResult(
      model: training.model, threshold: training.threshold, samples: training.samples,
      normal: examples)
  }

  private func vocabulary(
    normal: [NormalTrainer.Example], store: UnitStore, firstNew: Int32? = nil
  ) -> Vocabulary {
    func events(_ unit: Unit) -> [Int32] {
      if case .event(let next) = unit.tail { return unit.events + [next] }
      return unit.events
    }
    return Vocabulary(
      normal: normal.flatMap { events($0.unit) }, all: store.entries.flatMap { events($0.unit) },
      firstNew: firstNew)
  }

  func normalTrainer(vocabulary: Vocabulary, unitKind: Options.UnitKind) -> NormalTrainer {
    NormalTrainer(
      options: options, unitKind: unitKind, vocabulary: vocabulary, threads: threads,
      checkpoint: checkpoint, goesOn: goesOn
    ) {
      network, run, runs in
      var progress = Progress(.normal)
      progress.step = run * network.maximumEpochs + network.epoch - 1
      progress.steps = runs * network.maximumEpochs
      progress.loss = network.trainingLoss
      progress.validationLoss = network.validationLoss ?? .nan
      progress.rate = network.windowsPerSecond
      return self.progress(progress)
    }
  }

  /// Looks at input that may hold anything: what an earlier look sets aside no longer teaches the
  /// next one.
  private static let looks = 2

  /// What is taken for normal where nothing is known to be clean: the units that do not stand out
  /// to a model of all of them.
  private func normalPart(
    of all: [NormalTrainer.Example], store: UnitStore, unitKind: Options.UnitKind
  ) throws(BirchlogError) -> [NormalTrainer.Example] {
    var kept = all
    for _ in 0..<Self.looks {
      let vocabulary = vocabulary(normal: kept, store: store)
      let scores = try normalTrainer(vocabulary: vocabulary, unitKind: unitKind).scoreAll(kept)
      kept = SetAside.kept(scores: zip(scores, kept).map { (score: $0.peak, count: $1.count) }).map
      { kept[$0] }
    }
    return kept
  }

  func warn(about threshold: Threshold, record: inout TrainingRecord) {
    guard options.detector == .surprise else { return }
    let needed = Int((1 / threshold.targetRate).rounded(.up))
    if threshold.units < needed {
      record.warnings.append(
        "Only \(threshold.units) normal units: a false-positive rate of \(threshold.targetRate) cannot be estimated from fewer than \(needed); it lies below \(rounded(threshold.upperBound)) with 95 % confidence."
      )
    }
  }
}
