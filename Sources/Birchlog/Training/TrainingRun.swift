import SequenceModel

/// One training from inputs to model: the stages one after the other.
struct TrainingRun {
  let options: Options
  let given: Set<String>
  /// Where what was learned so far is kept.
  let checkpoint: TrainingCheckpoint?
  /// Reports progress; false cancels.
  let progress: (Progress) -> Bool
  /// Asked within long computations; false cancels.
  let goesOn: () -> Bool

  var threads: Int { options.threads > 0 ? options.threads : Threads.available }

  init(
    options: Options, given: Set<String>, checkpoint: TrainingCheckpoint? = nil,
    goesOn: @escaping () -> Bool = { true }, progress: @escaping (Progress) -> Bool
  ) {
    self.goesOn = goesOn
    self.options = options
    self.given = given
    self.checkpoint = checkpoint
    self.progress = progress
  }

  /// Reads the inputs and learns everything from them.
  func train(_ inputs: [Trainer.Input]) throws(BirchlogError) -> Model {
    var record = TrainingRecord()
    let read = try read(inputs, options: options, lines: nil, record: &record)
    var store = read.store
    guard record.normalUnits + record.mixedUnits >= 2 else {
      throw .input(
        "\(read.names) holds \(record.normalUnits + record.mixedUnits == 0 ? "no events" : "only one unit"); give two sessions or more to learn from."
      )
    }
    let rare = RareEvents(store)
    store = rare.shared(store)
    record.firstNewEvent = rare.firstNew
    if let warning = rare.warning { record.warnings.append(warning) }
    let ends = SessionEnds(store)
    record.endedUnits = ends.ended
    record.scoresEnds = ends.areLearned(rate: options.falsePositiveRate)
    if !record.scoresEnds { store = store.withoutEnds() }
    let learned = try learnNormal(store, unitKind: read.unitKind, record: &record)
    let model = learned.model
    let space = SignatureSpace(
      kind: options.signature, unit: read.unitKind, vocabulary: model.vocabulary,
      normalShare: model.counts.shares,
      hiddenSize: options.hiddenSize, weights: options.signatureWeights)
    let fit = try findKinds(
      store.entries.map { KindFit.Input(entry: $0) }, options: options, unitKind: read.unitKind,
      model: model,
      threshold: learned.threshold, space: space, previous: nil, record: &record)
    var options = options
    options.session = read.session
    options.keyField = read.keyField
    return Model(
      options: options, unitKind: read.unitKind, normal: model, threshold: learned.threshold,
      space: fit.space,
      found: fit.kinds, decisions: .init(), classifier: fit.classifier,
      known: fit.known, lines: read.lines, examples: fit.examples,
      memory: NormalMemory(examples: learned.normal, samples: learned.samples), retired: [],
      record: record)
  }

  /// Keeps the model of normal and finds the kinds anew.
  func refit(_ base: Model, _ inputs: [Trainer.Input]) throws(BirchlogError) -> Model {
    let allowed: Set<String> = OptionTable.classificationKeys.union(
      ["kinds", "signature_weights", "checkpoint"])
    if let key = given.subtracting(allowed).sorted().first {
      throw .option(
        "Option \"\(key)\" cannot change in a refit, which keeps the model of normal; train anew instead."
      )
    }
    var options = try readingOptions(base)
    if given.contains("kinds") { options.kinds = self.options.kinds }
    if given.contains("signature_weights") {
      options.signatureWeights = self.options.signatureWeights
    }
    var record = base.record
    record.warnings = []
    var store = UnitStore()
    if !inputs.isEmpty {
      var seen = TrainingRecord()
      store = try read(
        inputs, options: options, lines: base.lines, unitKind: base.unitKind, record: &seen
      ).store
      record.warnings = seen.warnings
      // Where clean input comes first here, what was counted before were other units.
      if record.normalUnits == 0, seen.normalUnits > 0 { record.endedUnits = 0 }
      record.endedUnits += SessionEnds(store, isClean: record.normalUnits > 0).ended
      if !record.scoresEnds { store = store.withoutEnds() }
      record.mixedSessions += seen.mixedSessions
      record.mixedUnits += seen.mixedUnits
      record.normalSessions += seen.normalSessions
      record.normalUnits += seen.normalUnits
      record.lines += seen.lines
      record.keylessLines += seen.keylessLines
    }
    let units =
      base.foundExamples.map { KindFit.Input(example: $0) }
      + store.entries.map { KindFit.Input(entry: $0) }
    let fit = try findKinds(
      units, options: options, unitKind: base.unitKind, model: base.normal,
      threshold: base.threshold,
      space: base.space.scaled(by: [], weights: options.signatureWeights), previous: base,
      record: &record)
    let scores = try base.normal.score(store.entries.map(\.unit), threads: threads)
    record.warn(
      anomalous: base.anomalousUnits(of: store, scores: scores), of: store.mixedCount)
    var decisions = base.decisions
    decisions.log(fit.lineage.edit)
    return Model(
      options: options, unitKind: base.unitKind, normal: base.normal, threshold: base.threshold,
      space: fit.space,
      found: fit.kinds, decisions: decisions, classifier: fit.classifier,
      known: fit.known, lines: base.lines, examples: fit.examples, memory: base.memory,
      retired: base.retired + fit.lineage.retired, record: record)
  }

  /// The options of a model, with how the input of a refit or an update is read where that was given.
  func readingOptions(_ base: Model) throws(BirchlogError) -> Options {
    var options = base.options
    options.session = self.options.session ?? base.options.session
    options.textField = self.options.textField ?? base.options.textField
    options.keyField = self.options.keyField ?? base.options.keyField
    if given.contains("format") { options.format = self.options.format }
    do {
      // The other options are the model's own; a model with a contradiction could not be loaded.
      try options.checkContradictions(given: [])
    } catch {
      let keys = given.intersection(["session", "key_field", "session_field", "format"])
      throw .option(
        "\(error.message) What the model was trained with stays: leave out \(keys.sorted().map { "\"\($0)\"" }.joined(separator: " and ")) here, or train anew."
      )
    }
    return options
  }

  private func report(_ progress: Progress) throws(BirchlogError) {
    guard self.progress(progress) else { throw .cancelled }
  }
}

// MARK: Reading

extension TrainingRun {
  struct ReadResult {
    /// The session key's expression, given or found.
    var session: String?
    /// The field of the session key, given or found.
    var keyField: String?
    var store: UnitStore
    var unitKind: Options.UnitKind
    var lines: LineModel
    /// The inputs in words.
    var names: String
  }

  /// Reads every input into distinct units.
  func read(
    _ inputs: [Trainer.Input], options: Options, lines: LineModel?,
    unitKind: Options.UnitKind? = nil, grows: Bool = false,
    record: inout TrainingRecord
  ) throws(BirchlogError) -> ReadResult {
    guard !inputs.isEmpty else {
      throw .input("There is nothing to learn from; add a file, lines or sessions.")
    }
    var reader = try TrainingReader(
      inputs, options: options, lines: lines, unitKind: unitKind, grows: grows)
    for input in inputs {
      try reader.read(input) { count throws(BirchlogError) in
        var progress = Progress(.reading)
        progress.step = count
        try report(progress)
      }
    }
    try reader.finish()
    record.normalSessions = reader.normalSessions
    record.mixedSessions = reader.mixedSessions
    record.normalUnits = reader.normalUnits
    record.mixedUnits = reader.mixedUnits
    record.distinctUnits = reader.store.entries.count
    record.lines = reader.lineCount
    record.keylessLines = reader.keylessLines
    record.warnings += reader.warnings
    record.proposal = reader.proposal
    return ReadResult(
      session: reader.sessionPattern, keyField: reader.keyField,
      store: reader.store, unitKind: reader.unitKind, lines: try reader.lineModel(),
      names: reader.names)
  }
}
