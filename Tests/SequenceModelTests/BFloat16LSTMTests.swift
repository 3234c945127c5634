import Testing

@testable import SequenceModel

/// Gradients whose products were computed in bfloat16, which has 8 binary digits.
@Suite struct BFloat16LSTMTests {
  private func gradients(
    _ kernels: Kernels, _ precision: TrainingPrecision, encoding: InputEncoding, hiddenSize: Int,
    dropout: Float
  ) throws -> [(name: String, values: [Float])] {
    let model = try NextEventModel(
      configuration: NextEventConfiguration(
        inputEncoding: encoding, vocabularySize: 6, hiddenSize: hiddenSize, layerCount: 3,
        dropout: dropout), seed: 4)
    var options = TrainingOptions()
    options.precision = precision
    // Tokens are few and windows many, so that beginnings are shared, by odd numbers of windows too.
    let windows = randomWindows(count: 61, length: 5, vocabularySize: 6, seed: 5)
    let probe = GradientProbe(model, windows, kernels: kernels, options: options)
    // Larger weights than training starts with, so that hidden states are not all near zero.
    let gradient = probe.gradient(at: model.parameters.values.map { 2 * $0 }).gradient
    return probe.layout.entries.map {
      ($0.name, Array(gradient[$0.offset..<$0.offset + $0.count]))
    }
  }

  private func norm(_ x: [Float]) -> Float {
    x.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// The largest distance between gradients of a parameter, relative to its norm.
  private func distance(
    _ a: [(name: String, values: [Float])], _ b: [(name: String, values: [Float])]
  ) -> Float {
    zip(a, b).map { a, b in
      norm(zip(a.values, b.values).map { $0 - $1 }) / norm(b.values)
    }.reduce(0) { max($0, $1.isNaN ? .infinity : $1) }
  }

  @Test(arguments: [(InputEncoding.oneHot, 10), (.embedding(dimension: 3), 33)])
  func gradientsAreThoseOfSinglePrecisionUpToRounding(
    encoding: InputEncoding, hiddenSize: Int
  ) throws {
    for dropout: Float in [0, 0.4] {
      let exact = try gradients(
        #require(Kernels.named("reference")), .single, encoding: encoding, hiddenSize: hiddenSize,
        dropout: dropout)
      let rounded = try gradients(
        #require(Kernels.named("reference")), .bfloat16, encoding: encoding,
        hiddenSize: hiddenSize, dropout: dropout)
      #expect(distance(rounded, exact) < 0.01)
      #expect(distance(rounded, exact) > 1e-4)
      for kernels in everyKernelTable {
        let own = try gradients(
          kernels, .bfloat16, encoding: encoding, hiddenSize: hiddenSize, dropout: dropout)
        // A number next to the middle of two may be rounded either way.
        #expect(distance(own, rounded) < 0.002)
      }
    }
  }

  @Test func aNetworkTrainsAsWellAsInSinglePrecision() throws {
    let windows = randomWindows(count: 40, length: 4, vocabularySize: 8, seed: 3)
    let losses = try [TrainingPrecision.single, .bfloat16].map { precision in
      var model = try NextEventModel(
        configuration: NextEventConfiguration(
          inputEncoding: .embedding(dimension: 8), vocabularySize: 8, hiddenSize: 32, dropout: 0),
        seed: 1)
      var options = TrainingOptions()
      options.precision = precision
      options.learningRate = 1e-2
      options.maximumEpochs = 12
      options.minimumStepsPerEpoch = 10
      return try #require(
        try model.train(windows, validation: windows, options: options).bestValidationLoss)
    }
    #expect(losses.allSatisfy { $0 < 0.2 })
    #expect(abs(losses[1] / losses[0] - 1) < 0.1)
  }
}
