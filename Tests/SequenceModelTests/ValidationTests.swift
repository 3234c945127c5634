import Testing

@testable import SequenceModel

/// Wrong arguments are errors, never traps.
@Suite struct ValidationTests {
  private let configuration = NextEventConfiguration(vocabularySize: 5, hiddenSize: 8)

  private func model() throws -> NextEventModel {
    try NextEventModel(configuration: configuration, seed: 1)
  }

  @Test func impossibleConfigurationsAreRefused() {
    var wrong: [NextEventConfiguration] = []
    for size in [0, -1, Int.max, Int.min] {
      wrong.append(NextEventConfiguration(vocabularySize: size))
      wrong.append(NextEventConfiguration(vocabularySize: 5, hiddenSize: size))
      wrong.append(NextEventConfiguration(vocabularySize: 5, layerCount: size))
      wrong.append(
        NextEventConfiguration(inputEncoding: .embedding(dimension: size), vocabularySize: 5))
    }
    for dropout in [Float(1), -0.1, .nan, .infinity] {
      wrong.append(NextEventConfiguration(vocabularySize: 5, dropout: dropout))
    }
    wrong.append(
      NextEventConfiguration(
        inputEncoding: .oneHot, vocabularySize: 1 << 20, hiddenSize: 1 << 14, layerCount: 64))
    for configuration in wrong {
      #expect(throws: SequenceModelError.self) {
        try NextEventModel(configuration: configuration, seed: 1)
      }
    }
  }

  @Test func impossibleClassifiersAreRefused() {
    let weights = LossWeights(sequence: 0.5, kind: 0.5, consistency: 0.5)
    let wrong = [
      KindClassifierConfiguration(vocabularySize: 5, featureSize: -1, kindCount: 2),
      KindClassifierConfiguration(vocabularySize: 5, featureSize: 2, kindCount: 0),
      KindClassifierConfiguration(vocabularySize: 5, featureSize: 2, kindCount: 2, hiddenSize: 1),
      KindClassifierConfiguration(
        vocabularySize: 5, featureSize: 2, kindCount: 2, attentionHeads: 3),
      KindClassifierConfiguration(
        vocabularySize: 5, featureSize: 2, kindCount: 2, attentionHeads: -4),
      KindClassifierConfiguration(
        vocabularySize: 5, featureSize: 2, kindCount: 2, lossWeights: weights),
    ]
    for configuration in wrong {
      #expect(throws: SequenceModelError.self) {
        try KindClassifier(configuration: configuration, seed: 1)
      }
    }
  }

  @Test func tensorsThatDoNotFitAreNamed() throws {
    var tensors = try model().tensors
    let first = tensors.removeFirst()
    #expect(throws: SequenceModelError.missingTensor(name: first.name)) {
      try NextEventModel(configuration: configuration, tensors: tensors)
    }
    let wrong = Tensor(name: first.name, shape: [2, 2], values: [1, 2, 3, 4])
    #expect(
      throws: SequenceModelError.wrongShape(
        name: first.name, expected: first.shape, found: [2, 2])
    ) {
      try NextEventModel(configuration: configuration, tensors: tensors + [wrong])
    }
    let stranger = Tensor(name: "stranger", shape: [1], values: [1])
    #expect(throws: SequenceModelError.unexpectedTensor(name: "stranger")) {
      try NextEventModel(configuration: configuration, tensors: tensors + [first, stranger])
    }
    #expect(throws: SequenceModelError.unexpectedTensor(name: first.name)) {
      try NextEventModel(configuration: configuration, tensors: tensors + [first, first])
    }
    var broken = first
    broken.values[0] = .nan
    #expect(throws: SequenceModelError.notFinite(name: first.name)) {
      try NextEventModel(configuration: configuration, tensors: tensors + [broken])
    }
  }

  @Test func tokensOutOfRangeAreNamedWithTheirPlace() throws {
    let model = try model()
    #expect(
      throws: SequenceModelError.outOfRange(name: "tokens", index: 3, value: 5, limit: 5)
    ) {
      try model.infer(tokens: [0, 1, 2, 5], length: 2)
    }
    #expect(throws: SequenceModelError.self) { try model.infer(tokens: [0, -1], length: 2) }
    #expect(throws: SequenceModelError.self) { try model.infer(tokens: [0, 1, 2], length: 2) }
    for length in [0, -1, Int.max] {
      #expect(throws: SequenceModelError.self) { try model.infer(tokens: [0], length: length) }
    }
    for threads in [0, -3, 5000] {
      #expect(throws: SequenceModelError.self) {
        try model.infer(tokens: [0], length: 1, threads: threads)
      }
    }
  }

  @Test func noWindowsGiveNoResults() throws {
    let result = try model().infer(tokens: [], length: 3, threads: 2)
    #expect(result.logProbabilities.isEmpty && result.hiddenStates.isEmpty)
  }

  @Test func unusableTrainingDataIsRefused() throws {
    var model = try model()
    let good = WeightedWindows(length: 2, tokens: [0, 1, 1, 2], targets: [2, 3], weights: [1, 2])
    let none = WeightedWindows(length: 2, tokens: [], targets: [], weights: [])
    var wrong: [WeightedWindows] = [none]
    for weights in [[1], [1, -1], [0, 0], [1, .nan], [1, .infinity]] as [[Float]] {
      wrong.append(
        WeightedWindows(length: 2, tokens: good.tokens, targets: good.targets, weights: weights))
    }
    wrong.append(WeightedWindows(length: 2, tokens: [0, 1, 1], targets: [2, 3], weights: [1, 2]))
    wrong.append(
      WeightedWindows(length: 2, tokens: good.tokens, targets: [2, 5], weights: [1, 2]))
    wrong.append(
      WeightedWindows(length: 2, tokens: good.tokens, targets: [2, -1], weights: [1, 2]))
    for windows in wrong {
      #expect(throws: SequenceModelError.self) {
        try model.train(windows, validation: none, options: TrainingOptions())
      }
    }
    let longer = WeightedWindows(length: 1, tokens: [0], targets: [1], weights: [1])
    #expect(throws: SequenceModelError.self) {
      try model.train(good, validation: longer, options: TrainingOptions())
    }
  }

  @Test func impossibleTrainingOptionsAreRefused() throws {
    var model = try model()
    let good = WeightedWindows(length: 1, tokens: [0], targets: [1], weights: [1])
    let changes: [(inout TrainingOptions) -> Void] = [
      { $0.batchSize = 0 }, { $0.learningRate = .nan }, { $0.learningRate = 0 },
      { $0.maximumEpochs = 0 }, { $0.patience = 0 }, { $0.threads = 0 },
      { $0.gradientClip = -1 }, { $0.schedule = .cosine(finalFraction: 2) },
      { $0.tokenDropout = TokenDropout(probability: 2, replacementToken: 0) },
      { $0.tokenDropout = TokenDropout(probability: 0.1, replacementToken: 5) },
      { $0.minimumStepsPerEpoch = -1 }, { $0.weightDecay = .infinity },
    ]
    for change in changes {
      var options = TrainingOptions()
      change(&options)
      #expect(throws: SequenceModelError.self) {
        try model.train(good, validation: good, options: options)
      }
    }
  }

  @Test func aRowsResultDoesNotDependOnItsNeighboursOrOnThreads() throws {
    let model = try model()
    let windows = randomWindows(count: 130, length: 3, vocabularySize: 5, seed: 1)
    let together = try model.infer(tokens: windows.tokens, length: 3, threads: 3)
    for row in [0, 5, 47, 48, 129] {
      let alone = try model.infer(
        tokens: Array(windows.tokens[row * 3..<row * 3 + 3]), length: 3)
      #expect(alone.logProbabilities == Array(together.logProbabilities[row * 5..<row * 5 + 5]))
      #expect(alone.hiddenStates == Array(together.hiddenStates[row * 8..<row * 8 + 8]))
    }
  }
}
