import Testing

@testable import SequenceModel

/// A classifier that reads the hidden states of a `NextEventModel`.
@Suite struct SharedEncoderTests {
  private func configuration(heads: Int = 2) -> KindClassifierConfiguration {
    KindClassifierConfiguration(
      vocabularySize: 6, featureSize: 3, kindCount: 3, hiddenSize: 16, attentionHeads: heads,
      lossWeights: LossWeights(sequence: 0.3, kind: 0.4, consistency: 0.3))
  }

  private func encoder(hiddenSize: Int = 16) throws -> NextEventModel {
    try NextEventModel(
      configuration: NextEventConfiguration(vocabularySize: 6, hiddenSize: hiddenSize), seed: 3)
  }

  private func isOfEncoder(_ tensor: Tensor) -> Bool {
    tensor.name.hasPrefix("lstm.") || tensor.name == "embedding.weight"
  }

  @Test(arguments: [0, 2]) func itAnswersAsOneWithTheSameLayersOfItsOwn(heads: Int) throws {
    let configuration = configuration(heads: heads)
    let encoder = try encoder()
    let shared = try KindClassifier(configuration: configuration, encoder: encoder, seed: 4)
    #expect(!shared.tensors.contains(where: isOfEncoder))
    let own = try KindClassifier(
      configuration: configuration, tensors: encoder.tensors.filter(isOfEncoder) + shared.tensors)
    let given = randomExamples(count: 70, length: 5, configuration, seed: 5)
    for threads in [1, 2] {
      #expect(
        try shared.infer(
          tokens: given.tokens, length: 5, features: given.features, threads: threads)
          == own.infer(tokens: given.tokens, length: 5, features: given.features))
    }
    let back = try KindClassifier(
      configuration: configuration, encoder: encoder, tensors: shared.tensors)
    #expect(back.tensors == shared.tensors)
  }

  /// With dropout, which the shared layers leave out. They run in 16-bit integers, layers that learn in
  /// single precision.
  @Test(arguments: [0, 2]) func itsGradientIsThatOfTheLayersAfterTheEncoder(heads: Int) throws {
    let configuration = configuration(heads: heads)
    let encoder = try encoder()
    let shared = try KindClassifier(configuration: configuration, encoder: encoder, seed: 6)
    var still = configuration
    still.dropout = 0
    let own = try KindClassifier(
      configuration: still, tensors: encoder.tensors.filter(isOfEncoder) + shared.tensors)
    let given = randomExamples(count: 80, length: 4, configuration, seed: 7)
    let values = own.parameters.values
    let (loss, gradient) = GradientProbe(own, given).gradient(at: values)
    let rest = own.shape.origin..<values.count
    let found = GradientProbe(shared, given).gradient(at: Array(values[rest]))
    #expect(abs(found.loss - loss) < 1e-5)
    #expect(largestDifference(found.gradient, Array(gradient[rest])) < 1e-5)
  }

  @Test func itTrainsToTheSameTensorsForAnyNumberOfThreads() throws {
    let encoder = try encoder()
    let examples = randomExamples(count: 300, length: 4, configuration(), seed: 2)
    var options = TrainingOptions()
    options.maximumEpochs = 3
    options.batchSize = 256
    var trained: [[Tensor]] = []
    for threads in [1, 2, 3] {
      var model = try KindClassifier(configuration: configuration(), encoder: encoder, seed: 1)
      let start = model.tensors
      options.threads = threads
      try model.train(examples, validation: examples, options: options)
      #expect(model.tensors != start)
      #expect(model.encoder?.tensors == encoder.tensors)
      trained.append(model.tensors)
    }
    #expect(trained[0] == trained[1] && trained[0] == trained[2])
  }

  @Test func anEncoderOfOtherSizesIsRefused() throws {
    let small = try encoder(hiddenSize: 8)
    #expect(throws: SequenceModelError.self) {
      try KindClassifier(configuration: configuration(), encoder: small, seed: 1)
    }
  }
}
