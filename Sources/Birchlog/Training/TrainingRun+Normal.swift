import SequenceModel

extension TrainingRun {
  struct NormalResult {
    var model: NormalModel
    var threshold: Threshold
    /// What normal behaviour was learned from.
    var normal: [NormalTrainer.Example]
  }

  /// Stage 1. With clean input it learns from that; else it learns from all, sets the most surprising units aside and learns again.
  func learnNormal(
    _ store: UnitStore, unitKind: Options.UnitKind, record: inout TrainingRecord) throws(BirchlogError) -> NormalResult {
    let clean = store.entries.filter { $0.normalCount > 0 }
    var examples = clean.map { NormalTrainer.Example(unit: $0.unit, counts: $0.normal) }
    var kept = Set<Int>()
    if clean.isEmpty {
      let all = store.entries.map { NormalTrainer.Example(unit: $0.unit, counts: $0.mixed) }
      kept = try keptIndices(all, store: store, unitKind: unitKind)
      examples = kept.sorted().map { all[$0] }
      let keptUnits = examples.reduce(0) { $0 + $1.count }
      record.setAsideShare = 1 - keptUnits / Double(max(record.mixedUnits, 1))
    }
    let vocabulary = vocabulary(normal: examples, store: store)
    let training = try trainNormal(examples, vocabulary: vocabulary, unitKind: unitKind)
    record.epochs = training.epochs
    record.trainingLoss = training.trainingLoss
    record.validationLoss = training.validationLoss
    record.totalWindows = training.totalWindows
    record.distinctWindows = training.distinctWindows
    warn(about: training.threshold, record: &record)
    return NormalResult(model: training.model, threshold: training.threshold, normal: examples)
  }

  private func vocabulary(normal: [NormalTrainer.Example], store: UnitStore) -> Vocabulary {
    func events(_ unit: Unit) -> [Int32] {
      if case .event(let next) = unit.tail { return unit.events + [next] }
      return unit.events
    }
    return Vocabulary(
      normal: normal.flatMap { events($0.unit) }, all: store.entries.flatMap { events($0.unit) })
  }

  private func trainNormal(
    _ examples: [NormalTrainer.Example], vocabulary: Vocabulary, unitKind: Options.UnitKind
  ) throws(BirchlogError) -> NormalTraining {
    try NormalTrainer(options: options, unitKind: unitKind, vocabulary: vocabulary, threads: threads) {
      network, run, runs in
      var progress = Progress(.normal)
      progress.step = run * network.maximumEpochs + network.epoch - 1
      progress.steps = runs * network.maximumEpochs
      progress.loss = network.trainingLoss
      progress.validationLoss = network.validationLoss ?? .nan
      progress.rate = network.windowsPerSecond
      return self.progress(progress)
    }.train(examples)
  }

  /// Which distinct units are taken for normal where nothing is known to be clean.
  ///
  /// A first model learns from everything. Frequent shapes are what it learns best, so that what stays surprising to a model that never saw
  /// the unit's own fold is either rare or wrong; both are set aside.
  private func keptIndices(
    _ all: [NormalTrainer.Example], store: UnitStore, unitKind: Options.UnitKind
  ) throws(BirchlogError) -> Set<Int> {
    let vocabulary = vocabulary(normal: all, store: store)
    let training = try trainNormal(all, vocabulary: vocabulary, unitKind: unitKind)
    let scores = try training.model.score(all.map(\.unit), threads: threads).map(\.peak)
    return SetAside.kept(scores: zip(scores, all).map { (score: $0, count: $1.count) })
  }

  private func warn(about threshold: Threshold, record: inout TrainingRecord) {
    guard options.detector == .surprise else { return }
    let needed = Int((1 / threshold.targetRate).rounded(.up))
    if threshold.units < needed {
      record.warnings.append(
        "Only \(threshold.units) normal units: a false-positive rate of \(threshold.targetRate) cannot be estimated from fewer than \(needed); it lies below \(rounded(threshold.upperBound)) with 95 % confidence.")
    }
  }
}
