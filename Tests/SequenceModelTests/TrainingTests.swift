import Testing

@testable import SequenceModel

@Suite struct TrainingTests {
  /// Windows of a counter modulo `period`: the next token follows from the last.
  private func counter(period: Int, length: Int) -> WeightedWindows {
    var windows = WeightedWindows(length: length, tokens: [], targets: [], weights: [])
    for start in 0..<period {
      windows.tokens += (0..<length).map { Int32((start + $0) % period) }
      windows.targets.append(Int32((start + length) % period))
      windows.weights.append(start == 0 ? 100 : 1)
    }
    return windows
  }

  private let none = WeightedWindows(length: 4, tokens: [], targets: [], weights: [])

  private func small(seed: UInt64 = 1, dropout: Float = 0.2) throws -> NextEventModel {
    try NextEventModel(
      configuration: NextEventConfiguration(
        inputEncoding: .embedding(dimension: 8), vocabularySize: 8, hiddenSize: 16,
        dropout: dropout), seed: seed)
  }

  private func options(epochs: Int = 3, threads: Int = 1) -> TrainingOptions {
    var options = TrainingOptions()
    options.maximumEpochs = epochs
    options.minimumStepsPerEpoch = 4
    options.batchSize = 64
    options.threads = threads
    options.seed = 5
    return options
  }

  @Test func aFewSkewedWindowsAreLearnedToTheLast() throws {
    var model = try small(dropout: 0)
    let windows = counter(period: 8, length: 4)
    var options = options(epochs: 20)
    options.learningRate = 1e-2
    options.minimumStepsPerEpoch = 40
    try model.train(windows, validation: none, options: options)
    let result = try model.infer(tokens: windows.tokens, length: 4)
    for row in 0..<8 {
      let own = Array(result.logProbabilities[row * 8..<row * 8 + 8])
      #expect(own.firstIndex(of: own.max() ?? 0) == Int(windows.targets[row]))
    }
  }

  @Test(arguments: [TrainingPrecision.single, .bfloat16])
  func theSameSeedGivesTheSameTensorsForAnyNumberOfThreads(precision: TrainingPrecision) throws {
    let windows = randomWindows(count: 150, length: 4, vocabularySize: 8, seed: 3)
    var options = options(epochs: 2)
    options.precision = precision
    options.tokenDropout = TokenDropout(probability: 0.1, replacementToken: 7)
    var trained: [[Tensor]] = []
    for threads in [1, 1, 2, 5] {
      var model = try small()
      options.threads = threads
      try model.train(windows, validation: windows, options: options)
      trained.append(model.tensors)
    }
    #expect(trained.allSatisfy { $0 == trained[0] })
    var other = try small()
    options.seed = 6
    try other.train(windows, validation: windows, options: options)
    #expect(other.tensors != trained[0])
  }

  @Test func theClassifierTrainsToTheSameTensorsForAnyNumberOfThreads() throws {
    let configuration = KindClassifierConfiguration(
      vocabularySize: 6, featureSize: 3, kindCount: 3, hiddenSize: 16)
    let examples = randomExamples(count: 90, length: 4, configuration, seed: 2)
    var trained: [[Tensor]] = []
    for threads in [1, 2] {
      var model = try KindClassifier(configuration: configuration, seed: 1)
      try model.train(examples, validation: examples, options: options(threads: threads))
      trained.append(model.tensors)
    }
    #expect(trained[0] == trained[1])
  }

  @Test func theClassifierLearnsKindsThatTheFeaturesTell() throws {
    let configuration = KindClassifierConfiguration(
      vocabularySize: 6, featureSize: 3, kindCount: 3, hiddenSize: 16)
    var examples = randomExamples(count: 90, length: 4, configuration, seed: 12)
    for row in 0..<90 {
      examples.kinds[row] = row < 3 ? 2 : Int32(row % 2)
      for column in 0..<3 {
        examples.features[row * 3 + column] = Int(examples.kinds[row]) == column ? 1 : 0
      }
    }
    var model = try KindClassifier(configuration: configuration, seed: 1)
    var options = options(epochs: 15)
    options.learningRate = 1e-2
    options.minimumStepsPerEpoch = 30
    try model.train(
      examples,
      validation: ClassifierExamples(
        length: 4, tokens: [], nextTokens: [], features: [], kinds: [], weights: []),
      options: options)
    let logits = try model.infer(
      tokens: examples.tokens, length: 4, features: examples.features
    ).kindLogits
    for row in 0..<90 {
      let own = Array(logits[row * 3..<row * 3 + 3])
      #expect(own.firstIndex(of: own.max() ?? 0) == Int(examples.kinds[row]))
    }
  }

  @Test func earlyStoppingRestoresTheBestEpochsWeights() throws {
    // Validation contradicts training, so it is best at first and worse ever after.
    let windows = counter(period: 8, length: 4)
    var contrary = windows
    contrary.targets = windows.targets.map { ($0 + 3) % 8 }
    var options = options(epochs: 30)
    options.learningRate = 1e-2
    options.patience = 2
    options.precision = .single
    var model = try small(dropout: 0)
    let report = try model.train(windows, validation: contrary, options: options)
    #expect(report.epochs == report.bestEpoch + 2)
    #expect(report.epochs < 30)
    let result = try model.infer(tokens: contrary.tokens, length: 4)
    var (loss, weight) = (0.0, 0.0)
    for row in 0..<8 {
      let probability = result.logProbabilities[row * 8 + Int(contrary.targets[row])]
      loss -= Double(contrary.weights[row] * probability)
      weight += Double(contrary.weights[row])
    }
    loss /= weight
    #expect(abs(loss - (report.bestValidationLoss ?? .nan)) < 1e-5)
    #expect(report.bestValidationLoss == report.validationLoss.min())
  }

  @Test func cancellingLeavesTheModelAsItWas() throws {
    var model = try small()
    let before = model.tensors
    var calls = 0
    #expect(throws: SequenceModelError.cancelled) {
      try model.train(counter(period: 8, length: 4), validation: none, options: options()) { _ in
        calls += 1
        return calls < 2
      }
    }
    #expect(calls == 2)
    #expect(model.tensors == before)
  }

  @Test func aDivergingRunIsAnErrorAndLeavesTheModelAsItWas() throws {
    let file = try small().tensors.map { tensor in
      Tensor(
        name: tensor.name, shape: tensor.shape,
        values: tensor.values.map { _ in Float(3e38) })
    }
    var model = try NextEventModel(configuration: try small().configuration, tensors: file)
    #expect(throws: SequenceModelError.diverged(epoch: 1)) {
      try model.train(counter(period: 8, length: 4), validation: none, options: options())
    }
    #expect(model.tensors == file)
  }

  @Test func progressCountsEpochsAndEndsAtOne() throws {
    var model = try small()
    var seen: [TrainingProgress] = []
    let report = try model.train(
      counter(period: 8, length: 4), validation: none, options: options()
    ) {
      seen.append($0)
      return true
    }
    #expect(seen.last?.fraction == 1)
    #expect(seen.last?.epoch == 3)
    #expect(report.trainingLoss.count == 3)
    #expect(report.validationLoss.isEmpty)
    #expect(report.bestEpoch == 3)
    #expect(report.bestValidationLoss == nil)
  }
}
