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
    var (lost, setAside) = (0.0, 0)
    if clean.isEmpty {
      let all = store.entries.map { NormalTrainer.Example(unit: $0.unit, counts: $0.mixed) }
      let part = try normalPart(of: all, store: store, unitKind: unitKind)
      examples = part.kept
      lost = part.lost
      let keptUnits = examples.reduce(0) { $0 + $1.count }
      // The lost ones among them are counted already.
      setAside = max(0, record.mixedUnits - Int(keptUnits) - Int(lost.rounded()))
      let share = 1 - keptUnits / Double(max(record.mixedUnits, 1))
      record.setAsideShare = share
      if share >= Self.muchSetAside {
        record.warnings.append(
          "\(Percentage.text(share)) of the input was set aside as too surprising to be normal. Anomalies that come as often as rare normal behaviour cannot be told from it and may have been learned as normal; rare normal behaviour may be among what was set aside, and is called anomalous: the bound on the rate of false positives counts all of it. Give clean input with --normal if there is any, or name harmless kinds with 'birchlog kinds mark-normal'."
        )
      }
    }
    let vocabulary = vocabulary(
      normal: examples, store: store, firstNew: record.firstNewEvent)
    let training = try normalTrainer(vocabulary: vocabulary, unitKind: unitKind)
      .train(examples, lost: lost)
    var contrasted = try withContrast(training, lost: lost, store: store)
    if setAside > 0 { contrasted.threshold.count(setAside: setAside) }
    record.epochs = training.epochs
    record.trainingLoss = training.trainingLoss
    record.validationLoss = training.validationLoss
    record.totalWindows = training.totalWindows
    record.distinctWindows = training.distinctWindows
    warn(about: contrasted.threshold, record: &record)
    return NormalResult(
      model: contrasted.model, threshold: contrasted.threshold, samples: contrasted.samples,
      normal: examples)
  }

  /// From this share on, what is set aside is worth a warning.
  private static let muchSetAside = 0.05

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

  /// What is taken for normal where nothing is known to be clean: the units that are not odd to a model
  /// of the others. The first look says what a sign's usual values are; were it the kept units of each,
  /// every look would find some of what is left odd.
  ///
  /// - Returns: what is kept, and how many normal units may stay set aside.
  private func normalPart(
    of all: [NormalTrainer.Example], store: UnitStore, unitKind: Options.UnitKind
  ) throws(BirchlogError) -> (kept: [NormalTrainer.Example], lost: Double) {
    var kept = Array(all.indices)
    var oddness: Oddness?
    for look in 0..<SetAside.looks {
      let vocabulary = vocabulary(normal: kept.map { all[$0] }, store: store)
      let seen = try normalTrainer(vocabulary: vocabulary, unitKind: unitKind)
        .look(at: all, learning: kept, look: look)
      let odd = oddness ?? Oddness(usual: seen.heldOut)
      oddness = odd
      let scores = seen.samples.map { (score: odd($0), count: Double($0.count)) }
      kept = SetAside.kept(scores, limit: SetAside.limit(look: look))
    }
    let normal = kept.map { all[$0] }
    let isWhole = kept.count == all.count
    let share = options.falsePositiveRate * SetAside.shareOfRate
    return (normal, isWhole ? 0 : share * normal.reduce(0) { $0 + $1.count })
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
