import SequenceModel

/// Stage 4: learns to name the kind of a unit from its sequence and its signature.
///
/// A fifth of each kind's distinct units is held out; half of it says when to stop and how sure the
/// answers may be, the other half is never looked at but to measure the agreement that is reported,
/// which is that of the classifier as it is kept. Beside whole units it learns from beginnings of
/// them, for kinds are asked for before units end.
struct ClassifierTrainer {
  let options: Options
  let vocabulary: Vocabulary
  /// The model of normal's network, which the classifier shares its encoder with if it has none of
  /// its own.
  let normal: NextEventModel
  let kinds: [Kind]
  let threads: Int
  let checkpoint: TrainingCheckpoint?
  let progress: (TrainingProgress) -> Bool

  /// A distinct unit as the classifier sees it.
  struct Example {
    var whole: View
    /// The unit's beginning, at some time after it was known to be anomalous.
    var beginning: View?
    var kind: Int
    /// Decides what is held out; the same in every run.
    var hash: UInt64

    /// What the classifier is shown.
    struct View {
      var window: ClassifierWindow
      var signature: [Float]
    }
  }

  /// Passes over the distinct units for each one over the windows of stage 1: kinds have far fewer
  /// examples than events.
  private static let epochFactor = 2

  func train(_ examples: [Example]) throws(BirchlogError) -> (KindClassifier, ClassifierRecord?) {
    let parts = split(examples)
    var classifier = try fresh(signatureSize: examples.first?.whole.signature.count ?? 0)
    try fit(&classifier, parts.training, validation: parts.validation)
    let temperature = try calibration(classifier, Self.unsure(parts.validation)).temperature
    classifier = try cooled(classifier, temperature: temperature)
    guard !parts.test.isEmpty else { return (classifier, nil) }
    var record = try measure(classifier, on: parts.test)
    record.temperature = temperature
    return (classifier, record)
  }

  /// Distinct units that a kind needs before some are held out; where no kind has so many, fewer do.
  private static let splitSizes = [20, 4]

  /// Splits each kind's units by their hash; a kind of few units has none to spare and is learned
  /// from whole.
  private func split(
    _ examples: [Example]
  ) -> (training: [Example], validation: [Example], test: [Example]) {
    var parts = (training: examples, validation: [Example](), test: [Example]())
    for size in Self.splitSizes where parts.test.isEmpty {
      parts = split(examples, smallest: size)
    }
    return parts
  }

  private func split(
    _ examples: [Example], smallest: Int
  ) -> (training: [Example], validation: [Example], test: [Example]) {
    var parts = (training: [Example](), validation: [Example](), test: [Example]())
    for kind in kinds.indices {
      let own = examples.filter { $0.kind == kind }.sorted { $0.hash < $1.hash }
      guard own.count >= smallest else {
        parts.training += own
        continue
      }
      let held = max(2, own.count / 5)
      for (index, example) in own.enumerated() {
        if index >= held {
          parts.training.append(example)
        } else if index % 2 == 0 {
          parts.test.append(example)
        } else {
          parts.validation.append(example)
        }
      }
    }
    return parts
  }

  private func fresh(signatureSize: Int) throws(BirchlogError) -> KindClassifier {
    do {
      return try KindClassifier(
        configuration: options.classifierConfiguration(
          vocabulary: vocabulary, featureSize: signatureSize, kindCount: kinds.count),
        encoder: options.encoder == .shared ? normal : nil, seed: options.seed)
    } catch {
      throw .init(error)
    }
  }

  private func fit(
    _ classifier: inout KindClassifier, _ training: [Example], validation: [Example]
  ) throws(BirchlogError) {
    var options = options.trainingOptions(
      vocabulary: vocabulary, epochs: options.epochs * Self.epochFactor, threads: threads)
    options.patience *= Self.epochFactor
    let (training, validation) = (classifierExamples(training), classifierExamples(validation))
    var key = FitKey("classifier", options: self.options, epochs: options.maximumEpochs)
    key.add(training)
    key.add(validation)
    if let encoder = classifier.encoder { key.add(encoder) }
    let start = classifier
    classifier = try checkpointed(checkpoint, key) { state, keep throws(BirchlogError) in
      var classifier = start
      do throws(SequenceModelError) {
        try classifier.train(
          training, validation: validation, options: options, from: state,
          progress: progress, keep: keep)
      } catch {
        throw .init(error)
      }
      return classifier
    }
  }

  /// All that is shown of some examples.
  private static func views(_ examples: [Example]) -> [(view: Example.View, kind: Int)] {
    examples.map { (view: $0.whole, kind: $0.kind) }
      + examples.compactMap { example in example.beginning.map { (view: $0, kind: example.kind) } }
  }

  /// What tells how sure one may be: beginnings, for signatures hardly leave a doubt about wholes; without
  /// enough of them whatever is shown.
  private static func unsure(_ examples: [Example]) -> [(view: Example.View, kind: Int)] {
    let beginnings = examples.compactMap { example in
      example.beginning.map { (view: $0, kind: example.kind) }
    }
    return beginnings.count >= fewestBeginnings ? beginnings : views(examples)
  }

  private static let fewestBeginnings = 10

  /// The kinds that an anomalous unit may be of.
  private var choices: [Int] {
    kinds.indices.filter { options.largestKindIsNormal || !kinds[$0].isNormal }
  }

  /// How well the logits of anomalous kinds tell how often they are right about anomalous units.
  private func calibration(
    _ classifier: KindClassifier, _ shown: [(view: Example.View, kind: Int)]
  ) throws(BirchlogError) -> Calibration {
    let choices = choices
    let shown = shown.filter { choices.contains($0.kind) }
    let logits = try logits(classifier, shown.map(\.view))
    return Calibration(
      logits: shown.indices.flatMap { row in choices.map { logits[row * kinds.count + $0] } },
      answers: shown.compactMap { choices.firstIndex(of: $0.kind) }, kinds: choices.count)
  }

  /// The expected calibration error of what a model says of whole anomalous units.
  private func wholesError(
    _ classifier: KindClassifier, _ shown: [(view: Example.View, kind: Int)]
  ) throws(BirchlogError) -> Double {
    let calibration = try calibration(classifier, shown)
    guard !options.largestKindIsNormal else { return calibration.error }
    let choices = choices
    let said = softmax(calibration.logits, classes: choices.count)
    let wholes = shown.filter { choices.contains($0.kind) }
    return Calibration.error(
      wholes.enumerated().map { row, whole in
        let weighed = KindChances.weighed(
          Array(said[(row * choices.count)..<((row + 1) * choices.count)]),
          distances: choices.map { distance(whole.view.signature, kinds[$0].centroid) })
        let best = weighed.indices.max { weighed[$0] < weighed[$1] } ?? 0
        return (Double(weighed[best]), choices[best] == whole.kind)
      })
  }

  private func classifierExamples(_ examples: [Example]) -> ClassifierExamples {
    let shown = Self.views(examples)
    return ClassifierExamples(
      length: options.window, tokens: shown.flatMap(\.view.window.tokens),
      nextTokens: shown.map(\.view.window.next),
      features: shown.flatMap(\.view.signature),
      kinds: shown.map { Int32(truncatingIfNeeded: $0.kind) },
      weights: [Float](repeating: 1, count: shown.count))
  }

  private func logits(
    _ classifier: KindClassifier, _ views: [Example.View]
  ) throws(BirchlogError) -> [Float] {
    guard !views.isEmpty else { return [] }
    do {
      return try classifier.infer(
        tokens: views.flatMap(\.window.tokens), length: options.window,
        features: views.flatMap(\.signature), threads: threads
      ).kindLogits
    } catch {
      throw .init(error)
    }
  }

  /// The last layer of the head for kinds.
  private static let lastLayer = ["anomaly_head.2.weight", "anomaly_head.2.bias"]

  /// The classifier with the kinds' logits divided by a temperature.
  private func cooled(
    _ classifier: KindClassifier, temperature: Double
  ) throws(BirchlogError) -> KindClassifier {
    guard temperature != 1 else { return classifier }
    var tensors = classifier.tensors
    for index in tensors.indices where Self.lastLayer.contains(tensors[index].name) {
      tensors[index].values = tensors[index].values.map { $0 / Float(temperature) }
    }
    do {
      return try KindClassifier(
        configuration: classifier.configuration, encoder: classifier.encoder, tensors: tensors)
    } catch {
      throw .init(error)
    }
  }

  /// The paper's table over distinct units that the classifier did not learn from.
  private func measure(
    _ classifier: KindClassifier, on test: [Example]
  ) throws(BirchlogError) -> ClassifierRecord {
    let logits = try logits(classifier, test.map(\.whole))
    let beginnings = test.filter { $0.beginning != nil }
    let answers = test.indices.map { row in
      (0..<kinds.count).max { logits[row * kinds.count + $0] < logits[row * kinds.count + $1] } ?? 0
    }
    let report = ClassificationReport(
      truth: test.map { kinds[$0.kind].id }, predicted: answers.map { kinds[$0].id })
    var record = ClassifierRecord()
    record.heldOut = test.count
    record.rows = report.rows.map {
      .init(
        kind: $0.label, precision: $0.precision, recall: $0.recall, f1: $0.f1,
        support: Int($0.support))
    }
    record.calibrationError = try wholesError(
      classifier, test.map { (view: $0.whole, kind: $0.kind) })
    record.heldOutBeginnings = beginnings.count
    record.beginningsCalibrationError = try calibration(
      classifier,
      beginnings.compactMap { test in test.beginning.map { (view: $0, kind: test.kind) } }
    ).error
    record.accuracy = report.accuracy
    record.balancedAccuracy = report.balancedAccuracy
    record.constantGuess = 1 / Double(max(Set(test.map(\.kind)).count, 1))
    record.weightedPrecision = report.weighted.precision
    record.weightedRecall = report.weighted.recall
    record.weightedF1 = report.weighted.f1
    return record
  }
}
