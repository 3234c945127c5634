import Testing

@testable import SequenceModel

/// The two classes of the paper, run by PyTorch on the same weights.
@Suite struct PyTorchParityTests {
  static let tolerance: Float = 1e-5
  /// Of answers whose LSTM layers ran in 16-bit integers.
  static let rounded: Float = 3e-4

  static func encoding(_ name: String) -> InputEncoding {
    switch name {
    case "scalar": .scalar
    case "onehot": .oneHot
    default: .embedding(dimension: 3)
    }
  }

  func base(_ name: String, _ file: ReferenceFile, _ kernels: Kernels) throws -> NextEventModel {
    try NextEventModel(
      configuration: NextEventConfiguration(
        inputEncoding: Self.encoding(name), vocabularySize: 7, hiddenSize: 10, dropout: 0),
      tensors: file.parameters, kernels: kernels)
  }

  @Test(arguments: ["scalar", "onehot", "embedding"])
  func baseModelAgreesWithPyTorchOnOutputsAndGradients(encoding: String) throws {
    let file = try ReferenceFile("base_" + encoding)
    let windows = WeightedWindows(
      length: 5, tokens: try file.integers("tokens"), targets: try file.integers("targets"),
      weights: try file.values("weights"))
    for kernels in everyKernelTable {
      let model = try base(encoding, file, kernels)
      let result = try model.infer(tokens: windows.tokens, length: 5)
      #expect(
        largestDifference(result.logProbabilities, try file.values("logProbabilities"))
          < Self.rounded)
      #expect(largestDifference(result.hiddenStates, try file.values("hidden")) < Self.rounded)
      try compareGradients(
        GradientProbe(model, windows, kernels: kernels), model.parameters, file)
    }
  }

  @Test(arguments: [("scalar", 2), ("scalar", 0), ("embedding", 5)])
  func classifierAgreesWithPyTorchOnOutputsAndGradients(encoding: String, heads: Int) throws {
    let file = try ReferenceFile("enhanced_\(encoding)_\(heads)")
    let configuration = KindClassifierConfiguration(
      inputEncoding: Self.encoding(encoding), vocabularySize: 7, featureSize: 4, kindCount: 3,
      hiddenSize: 10, dropout: 0, attentionHeads: heads,
      lossWeights: LossWeights(sequence: 0.3, kind: 0.5, consistency: 0.2))
    let examples = ClassifierExamples(
      length: 5, tokens: try file.integers("tokens"), nextTokens: try file.integers("targets"),
      features: try file.values("features"), kinds: try file.integers("kinds"),
      weights: try file.values("weights"))
    let shares = try file.values("kindShares")
    let own = ExampleWeights(
      examples, lossWeights: configuration.lossWeights, kindCount: 3, featureSize: 4)
    let weights = ExampleWeights(
      sequence: own.sequence, kind: shares.map { 0.5 * $0 }, consistency: own.consistency)
    for kernels in everyKernelTable {
      let model = try KindClassifier(
        configuration: configuration, tensors: file.parameters, kernels: kernels)
      let result = try model.infer(
        tokens: examples.tokens, length: 5, features: examples.features)
      let pairs = [
        (result.sequenceLogits, "sequenceLogits"), (result.kindLogits, "kindLogits"),
        (result.hiddenStates, "hidden"),
      ]
      for (values, name) in pairs + (heads > 0 ? [(result.attention, "attention")] : []) {
        #expect(largestDifference(values, try file.values(name)) < Self.rounded, "\(name)")
      }
      try compareGradients(
        GradientProbe(model, examples, kernels: kernels, weights: weights), model.parameters, file)
    }
  }

  private func compareGradients(
    _ probe: GradientProbe, _ parameters: Parameters, _ file: ReferenceFile
  ) throws {
    let (loss, gradient) = probe.gradient(at: parameters.values)
    #expect(abs(Float(loss) - (try file.values("loss"))[0]) < Self.tolerance)
    for entry in probe.layout.entries {
      let own = Array(gradient[entry.offset..<entry.offset + entry.count])
      let difference = largestDifference(own, try file.values("gradient." + entry.name))
      #expect(difference < Self.tolerance, "\(entry.name) differs by \(difference)")
    }
  }

  @Test func tensorsComeBackAsTheyWereGiven() throws {
    let file = try ReferenceFile("enhanced_scalar_2")
    let configuration = KindClassifierConfiguration(
      inputEncoding: .scalar, vocabularySize: 7, featureSize: 4, kindCount: 3, hiddenSize: 10,
      attentionHeads: 2)
    let model = try KindClassifier(
      configuration: configuration, tensors: file.parameters.reversed())
    #expect(
      model.tensors.sorted { $0.name < $1.name } == file.parameters.sorted { $0.name < $1.name })
  }
}
