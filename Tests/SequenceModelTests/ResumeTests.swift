import Testing

@testable import SequenceModel

/// Training that stops and goes on.
@Suite struct ResumeTests {
  private let windows = randomWindows(count: 150, length: 4, vocabularySize: 8, seed: 3)
  private let held = randomWindows(count: 40, length: 4, vocabularySize: 8, seed: 4)

  private func fresh() throws -> NextEventModel {
    try NextEventModel(
      configuration: NextEventConfiguration(
        inputEncoding: .embedding(dimension: 8), vocabularySize: 8, hiddenSize: 16), seed: 1)
  }

  private var options: TrainingOptions {
    var options = TrainingOptions()
    options.maximumEpochs = 6
    options.minimumStepsPerEpoch = 4
    options.patience = 2
    options.seed = 5
    return options
  }

  @Test(arguments: [TrainingPrecision.single, .bfloat16])
  func aRunThatGoesOnFromAnyEpochEndsWithTheSameWeights(precision: TrainingPrecision) throws {
    var options = options
    options.precision = precision
    var whole = try fresh()
    var states: [TrainingState] = []
    let report = try whole.train(
      windows, validation: held, options: options, keep: { states.append($0) })
    #expect(states.count == report.epochs && states.last?.isComplete == true)
    for state in states {
      var resumed = try fresh()
      var epochs: Set<Int> = []
      let again = try resumed.train(windows, validation: held, options: options, from: state) {
        epochs.insert($0.epoch)
        return true
      }
      #expect(resumed.tensors == whole.tensors)
      #expect(again == report)
      #expect(epochs == Set(state.report.epochs..<report.epochs).mapped { $0 + 1 })
    }
  }

  @Test func aStateThatDoesNotFitIsIgnored() throws {
    var whole = try fresh()
    var states: [TrainingState] = []
    try whole.train(windows, validation: held, options: options, keep: { states.append($0) })
    var short = states[0]
    short.parameters.removeLast()
    var poisoned = states[0]
    poisoned.moments[1][3] = .nan
    var late = states[0]
    late.report.epochs = 7
    for state in [short, poisoned, late] {
      var model = try fresh()
      try model.train(windows, validation: held, options: options, from: state)
      #expect(model.tensors == whole.tensors)
    }
  }

  @Test func theClassifierGoesOnToTheSameWeights() throws {
    let configuration = KindClassifierConfiguration(
      vocabularySize: 6, featureSize: 3, kindCount: 3, hiddenSize: 16)
    let examples = randomExamples(count: 90, length: 4, configuration, seed: 2)
    var whole = try KindClassifier(configuration: configuration, seed: 1)
    var states: [TrainingState] = []
    try whole.train(examples, validation: examples, options: options, keep: { states.append($0) })
    var resumed = try KindClassifier(configuration: configuration, seed: 1)
    try resumed.train(examples, validation: examples, options: options, from: states[1])
    #expect(resumed.tensors == whole.tensors)
  }

  @Test func aRunCanBeCancelledAfterEveryBatchAndWithinValidation() throws {
    var options = options
    options.progressInterval = 0
    options.batchSize = 16
    options.maximumEpochs = 1
    var model = try fresh()
    var batches = 0
    let many = randomWindows(count: 4_000, length: 4, vocabularySize: 8, seed: 9)
    try model.train(windows, validation: many, options: options) {
      batches += $0.validationLoss == nil ? 1 : 0
      return true
    }
    // As many as there are batches, and more within the validation.
    #expect(batches > 12)
    for limit in [1, 5, 11, batches] {
      var seen = 0
      #expect(throws: SequenceModelError.cancelled) {
        try model.train(windows, validation: many, options: options) { _ in
          seen += 1
          return seen < limit
        }
      }
      #expect(seen == limit)
    }
  }

  @Test func progressTellsTheTimeThatRemains() throws {
    var model = try fresh()
    var last: TrainingProgress?
    try model.train(
      windows, validation: WeightedWindows(length: 4, tokens: [], targets: [], weights: []),
      options: options
    ) {
      if let seconds = $0.remainingSeconds { #expect(seconds >= 0 && seconds.isFinite) }
      last = $0
      return true
    }
    #expect(last?.remainingSeconds == 0)
  }
}

extension Set<Int> {
  fileprivate func mapped(_ body: (Int) -> Int) -> Set<Int> { Set(map(body)) }
}
