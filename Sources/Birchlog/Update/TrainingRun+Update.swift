import Glibc

extension TrainingRun {
  /// Keys that an update may set, beside those of a classification.
  private static let updateKeys = OptionTable.classificationKeys.union(["half_life"])

  /// Goes on from a model: learns new normal behaviour and new kinds, with the old replayed beside it.
  func update(_ base: Model, _ inputs: [Trainer.Input]) throws(BirchlogError) -> Model {
    let options = try updateOptions(base)
    guard !base.memory.isEmpty else {
      throw .model(
        "The model remembers nothing of what it learned from, as a build of old left it; train anew to update it."
      )
    }
    var seen = TrainingRecord()
    let read = try read(
      inputs, options: options, lines: base.lines, unitKind: base.unitKind, grows: true,
      record: &seen)
    var store = read.store
    let before = base.normal.vocabulary
    // Events that training knew but did not tell apart still share one.
    if before.firstNew != nil {
      let known = Set(before.knownEvents)
      store = store.changed { unit in
        unit.events = unit.events.map {
          !known.contains($0) && before.column(of: $0) != nil ? Vocabulary.rareEvent : $0
        }
      }
    }
    if !base.record.scoresEnds { store = store.withoutEnds() }
    let units = seen.normalUnits + seen.mixedUnits
    guard units > 0 else {
      throw .input("\(read.names) holds no events; there is nothing to learn.")
    }
    let ageing = options.halfLife > 0 ? exp2(-Double(units) / options.halfLife) : 1

    let scores = try base.normal.score(store.entries.map(\.unit), threads: threads)
    let fresh = try FreshNormal(store, scores: scores, base: base, threads: threads)
    let vocabulary = grownVocabulary(before, fresh: fresh.units, store: store)
    var trainer = normalTrainer(vocabulary: vocabulary, unitKind: base.unitKind)
    trainer.options = options
    var normal = try NormalUpdater(
      drift: base.threshold.drift, weighsContrast: base.threshold.doubt > 0,
      base: base.normal, memory: base.memory.aged(by: ageing), ageing: ageing,
      lost: base.memory.lostUnits(behind: base.threshold) * ageing + fresh.lost,
      oddShare: fresh.oddShare, trainer: trainer
    ).update(with: fresh.units, saidShares: fresh.saidShares)
    if base.threshold.setAside > 0 {
      normal.threshold.count(setAside: Int((Double(base.threshold.setAside) * ageing).rounded()))
    }

    var record = base.record
    record.warnings = seen.warnings
    record.add(seen)
    var entry = UpdateRecord(normal)
    entry.number = (base.record.updates.last?.number ?? 0) + 1
    entry.normalUnits = seen.normalUnits
    entry.mixedUnits = seen.mixedUnits
    entry.anomalousUnits = fresh.odd
    entry.learnedUnits = Int(fresh.units.reduce(0) { $0 + $1.count })
    try judge(fresh.withheld, base: base, normal: normal, entry: &entry)
    entry.sampledShare = read.store.sampledShare
    entry.newEvents = vocabulary.knownEvents.count - base.normal.vocabulary.knownEvents.count
    entry.newNormalEvents =
      vocabulary.normalEvents.count - base.normal.vocabulary.normalEvents.count
    entry.thresholdBefore = base.threshold.score
    entry.threshold = normal.threshold.score
    entry.drift = DriftSummary(store: store, scores: scores, base: base)
    let fit = try updateKinds(
      base, store: store, normal: normal, options: options, ageing: ageing, record: &record,
      entry: &entry)
    var decisions = base.decisions
    var edit = KindEdit(.update, "")
    edit.kinds = entry.retiredKinds
    edit.born = entry.newKinds.map { .init(id: $0, from: nil) }
    decisions.log(edit)
    warn(about: normal.threshold, record: &record)
    record.warn(anomalous: entry.anomalousUnits, of: store.mixedCount)
    entry.warn(&record, rate: options.falsePositiveRate)
    record.updates = Array((record.updates + [entry]).suffix(UpdateRecord.kept))
    return Model(
      options: options, unitKind: base.unitKind, normal: normal.model, threshold: normal.threshold,
      space: fit.space, found: fit.kinds, decisions: decisions, classifier: fit.classifier,
      known: fit.known, lines: read.lines, examples: fit.examples, memory: normal.memory,
      retired: base.retired + fit.lineage.retired, record: record)
  }

  private func updateOptions(_ base: Model) throws(BirchlogError) -> Options {
    if let key = given.subtracting(Self.updateKeys).sorted().first {
      throw .option(
        "Option \"\(key)\" cannot change in an update, which goes on from what the model is; train anew instead."
      )
    }
    var options = try readingOptions(base)
    if given.contains("half_life") { options.halfLife = self.options.halfLife }
    if given.contains("idle_seconds") { options.idleSeconds = self.options.idleSeconds }
    return options
  }

  /// Tells which of the units that were withheld the model calls anomalous now.
  private func judge(
    _ withheld: [(unit: Unit, count: Int, kind: Int)], base: Model, normal: NormalUpdate,
    entry: inout UpdateRecord
  ) throws(BirchlogError) {
    let scores = try normal.model.score(withheld.map(\.unit), threads: threads)
    let detection = Detection(options: base.options, threshold: normal.threshold)
    var kinds: [String: Int] = [:]
    for (item, score) in zip(withheld, scores) {
      entry.withheldUnits += item.count
      guard detection.isAnomalous(score) else { continue }
      entry.estrangedUnits += item.count
      kinds[base.decisions.shownID(of: base.found[item.kind].id), default: 0] += item.count
    }
    entry.estrangedKinds = kinds.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
  }

  private func grownVocabulary(
    _ before: Vocabulary, fresh: [NormalMemory.Example], store: UnitStore
  ) -> Vocabulary {
    func events(_ unit: Unit) -> [Int32] {
      if case .event(let next) = unit.tail { return unit.events + [next] }
      return unit.events
    }
    // A model tells so many events apart; of more new ones the rarest stay unseen.
    var counts: [Int32: Int] = [:]
    for entry in store.entries {
      for event in events(entry.unit) where before.column(of: event) == nil {
        counts[event, default: 0] += entry.count
      }
    }
    let room = max(0, RareEvents.limit - before.knownEvents.count)
    let new = Set(
      counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(room).map(\.key))
    let known = new.union(before.knownEvents)
    return Vocabulary(
      normal: before.normalEvents + fresh.flatMap { events($0.unit) }.filter(known.contains),
      all: known, firstNew: before.firstNew)
  }

  /// Stages 2 to 4 over what is remembered and what is new.
  private func updateKinds(
    _ base: Model, store: UnitStore, normal: NormalUpdate, options: Options, ageing: Double,
    record: inout TrainingRecord, entry: inout UpdateRecord
  ) throws(BirchlogError) -> KindFit {
    guard progress(Progress(.signatures)) else { throw .cancelled }
    let model = normal.model
    let inputs = merged(
      base.foundExamples.map { example in
        var input = KindFit.Input(example: example)
        input.mixedCount = max(1, Int((Double(example.count) * ageing).rounded()))
        return input
      } + store.entries.map { KindFit.Input(entry: $0) })
    let scores = try model.score(inputs.map(\.unit), threads: threads)
    let plain = SignatureSpace(
      kind: options.signature, unit: base.unitKind, vocabulary: model.vocabulary,
      normalShare: model.counts.shares, hiddenSize: options.hiddenSize,
      weights: options.signatureWeights)
    let detection = Detection(options: options, threshold: normal.threshold)
    var (members, space) = measured(inputs, scores, by: detection, in: plain)
    guard progress(Progress(.kinds)) else { throw .cancelled }
    let updater = KindUpdater(
      options: options, space: space, model: model, previous: base.found, decisions: base.decisions,
      number: entry.number,
      ageing: ageing,
      newCounts: Dictionary(uniqueKeysWithValues: store.entries.map { ($0.unit, $0.count) }),
      retired: base.retired)
    let result = try updater.update(&members)
    entry.newKinds = result.found
    entry.promotedKinds = result.promoted
    entry.retiredKinds = result.retired.map(\.id)
    record.clustering.chosen = result.record.chosen
    record.clustering.silhouette = result.record.silhouette
    var fit = KindFit(
      space: space, kinds: result.kinds, classifier: nil,
      examples: ExampleStore.select(members, kinds: result.kinds.count))
    fit.lineage.retired = result.retired
    fit.known = knownSignatures(members, kinds: result.kinds, space: space)
    record.classifier = nil
    if result.kinds.count > 1 {
      (fit.classifier, record.classifier) = try trainClassifier(
        members, kinds: result.kinds, options: options, model: model, detection: detection,
        space: space)
    }
    return fit
  }
}
