import Birch
import Glibc
import SequenceModel

/// What stages 3 and 4 made.
struct KindFit {
  var space: SignatureSpace
  var kinds: [Kind]
  var classifier: KindClassifier?
  var known = KnownSignatures()
  var examples: [KindExample]
  /// What became of the kinds of an earlier fit.
  var lineage = KindLineage.Outcome()

  /// A distinct unit to find kinds from.
  struct Input {
    var unit: Unit
    var normalCount: Int
    var mixedCount: Int
    var session: [UInt8]
    var firstLine: UInt64
    /// When it was seen, in milliseconds since 1970; nil where that is not known.
    var times: ClosedRange<Int64>?
    /// Index of its kind in an earlier fit.
    var previousKind: Int?

    var count: Int { normalCount + mixedCount }

    init(entry: UnitStore.Entry) {
      unit = entry.unit
      normalCount = entry.normalCount
      mixedCount = entry.mixedCount
      session = entry.session
      firstLine = entry.firstLine
      times = entry.times
    }

    init(example: KindExample) {
      unit = example.unit
      normalCount = 0
      mixedCount = example.count
      session = example.session
      firstLine = example.firstLine
      previousKind = example.kind
    }
  }

  /// A distinct unit with all that the stages know of it.
  struct Member {
    var input: Input
    var score: UnitScore
    var signature: [Float]
    var isAnomalous: Bool
    /// Index of its kind.
    var kind = 0

    /// How much a distinct unit counts in finding kinds: by the logarithm of its multiplicity, or
    /// frequent shapes would drown the rare kinds.
    var weight: Double { log1p(Double(input.count)) }
  }
}

extension TrainingRun {
  /// Gives units their verdicts and their signatures, in a space whose columns weigh what these units show.
  func measured(
    _ inputs: [KindFit.Input], _ scores: [UnitScore], by detection: Detection,
    in plain: SignatureSpace
  ) -> (members: [KindFit.Member], space: SignatureSpace) {
    var members = zip(inputs, scores).map { input, score in
      KindFit.Member(
        input: input, score: score, signature: plain.raw(of: input.unit, score: score),
        isAnomalous: detection.isAnomalous(score))
    }
    let space = plain.scaled(
      by: SignatureScale.factors(
        members.filter(\.isAnomalous).map { (values: $0.signature, weight: $0.weight) },
        normal: normalRows(members), blocks: plain.blocks))
    for index in members.indices {
      members[index].signature = space.signature(
        of: members[index].input.unit, score: members[index].score)
    }
    return (members, space)
  }

  /// Stages 2 to 4 over distinct units: signatures, kinds, classifier.
  func findKinds(
    _ inputs: [KindFit.Input], options: Options, unitKind: Options.UnitKind, model: NormalModel,
    threshold: Threshold, space: SignatureSpace, previous: Model?, record: inout TrainingRecord
  ) throws(BirchlogError) -> KindFit {
    guard progress(Progress(.signatures)) else { throw .cancelled }
    let inputs = merged(inputs)
    let scores = try model.score(inputs.map(\.unit), threads: threads, goesOn: goesOn)
    let detection = Detection(options: options, threshold: threshold)
    var (members, space) = measured(inputs, scores, by: detection, in: space)
    guard progress(Progress(.kinds)) else { throw .cancelled }
    var discovery = KindDiscovery(
      options: options, space: space, vocabulary: model.vocabulary, normalCounts: model.counts)
    discovery.constraints = previous.flatMap {
      KindConstraints(decisions: $0.decisions, found: $0.found.map(\.id))
    }
    var found = try discovery.discover(&members)
    record.clustering = found.record
    record.warnings += found.warnings
    let lineage = previous.map {
      KindLineage(
        old: $0.found, decisions: $0.decisions, retired: $0.retired,
        natureMayChange: options.largestKindIsNormal
      ).carryOver(to: &found.kinds, members: members)
    }
    // What a kind showed before counts too: remembered units have no times.
    for index in found.kinds.indices {
      let before = previous?.found.first { $0.id == found.kinds[index].id }
      found.kinds[index].times = found.kinds[index].times.widened(by: before?.times)
    }
    var fit = KindFit(
      space: space, kinds: found.kinds, classifier: nil,
      examples: ExampleStore.select(members, kinds: found.kinds.count))
    if let lineage { fit.lineage = lineage }
    fit.known = knownSignatures(members, kinds: found.kinds, space: space)
    guard found.kinds.count > 1 else {
      record.classifier = nil
      return fit
    }
    let (classifier, classifierRecord) = try trainClassifier(
      members, kinds: found.kinds, options: options, model: model, detection: detection,
      space: space)
    fit.classifier = classifier
    record.classifier = classifierRecord
    return fit
  }

  /// What anomalous units look like; nothing where the largest kind is normal, whatever it shows.
  func knownSignatures(
    _ members: [KindFit.Member], kinds: [Kind], space: SignatureSpace
  ) -> KnownSignatures {
    guard !options.largestKindIsNormal else { return KnownSignatures() }
    let chosen = ExampleStore.choose(members, kinds: kinds.count).filter {
      members[$0].isAnomalous
    }
    return KnownSignatures(
      chosen.map { (signature: members[$0].signature, kind: members[$0].kind) },
      dimension: space.dimension)
  }

  /// The raw signatures of what is known to be normal; without any, of what is not anomalous.
  func normalRows(_ members: [KindFit.Member]) -> [SignatureScale.Row] {
    let known = members.filter { $0.input.normalCount > 0 }
    guard known.isEmpty else {
      return known.map { (values: $0.signature, weight: Double($0.input.normalCount)) }
    }
    return members.filter { !$0.isAnomalous }.map {
      (values: $0.signature, weight: Double($0.input.count))
    }
  }

  /// Equal units once, their counts added.
  func merged(_ inputs: [KindFit.Input]) -> [KindFit.Input] {
    var result: [KindFit.Input] = []
    var index: [Unit: Int] = [:]
    for input in inputs {
      if let known = index[input.unit] {
        result[known].normalCount += input.normalCount
        result[known].mixedCount += input.mixedCount
        result[known].times = result[known].times.widened(by: input.times)
      } else {
        index[input.unit] = result.count
        result.append(input)
      }
    }
    return result
  }

  func trainClassifier(
    _ members: [KindFit.Member], kinds: [Kind], options: Options, model: NormalModel,
    detection: Detection, space: SignatureSpace
  ) throws(BirchlogError) -> (KindClassifier, ClassifierRecord?) {
    func view(_ unit: Unit, _ score: UnitScore, _ signature: [Float])
      -> ClassifierTrainer.Example.View
    {
      .init(
        window: ClassifierWindow(
          unit: unit, decisive: score.decisive, vocabulary: model.vocabulary,
          window: options.window),
        signature: signature)
    }
    var examples = members.map { member in
      ClassifierTrainer.Example(
        whole: view(member.input.unit, member.score, member.signature), kind: member.kind,
        hash: member.input.unit.stableHash)
    }
    let cuts = members.enumerated().compactMap { index, member in
      beginning(of: member, model: model, detection: detection).map { (index: index, unit: $0) }
    }
    let scores = try model.score(cuts.map(\.unit), threads: threads, goesOn: goesOn).map(\.early)
    for (cut, score) in zip(cuts, scores) {
      examples[cut.index].beginning = view(
        cut.unit, score, space.signature(of: cut.unit, score: score))
    }
    return try ClassifierTrainer(
      options: options, vocabulary: model.vocabulary, normal: model.network, kinds: kinds,
      threads: threads, checkpoint: checkpoint
    ) {
      network in
      var progress = Progress(.classifier)
      progress.step = network.epoch - 1
      progress.steps = network.maximumEpochs
      progress.loss = network.trainingLoss
      progress.validationLoss = network.validationLoss ?? .nan
      progress.rate = network.windowsPerSecond
      return self.progress(progress)
    }.train(examples)
  }

  /// An anomalous unit as it was at some time after it was known to be one, and before its last
  /// event.
  private func beginning(
    of member: KindFit.Member, model: NormalModel, detection: Detection
  ) -> Unit? {
    let unit = member.input.unit
    guard member.isAnomalous,
      let alarm = model.alarm(in: unit, score: member.score, detection: detection),
      alarm < unit.body.count
    else { return nil }
    let choices = UInt64(unit.body.count - alarm)
    return unit.beginning(alarm + Int(unit.stableHash % choices))
  }
}
