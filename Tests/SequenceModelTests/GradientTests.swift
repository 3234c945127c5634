import Testing

@testable import SequenceModel

/// Back-propagation against central differences of the loss.
@Suite struct GradientTests {
  private func expectSlopes(_ probe: GradientProbe, _ values: [Float], atLeast count: Int) {
    let slopes = probe.slopes(at: values)
    #expect(slopes.count >= count)
    for slope in slopes {
      let error = abs(slope.analytic - slope.numeric)
      #expect(
        error <= 0.01 * slope.analytic + 2e-4,
        "\(slope.name): \(slope.analytic) by propagation, \(slope.numeric) by differences")
    }
  }

  @Test(arguments: [InputEncoding.scalar, .oneHot, .embedding(dimension: 3)])
  func lstmGradientsMatchFiniteDifferencesInEachEncoding(encoding: InputEncoding) throws {
    let model = try NextEventModel(
      configuration: NextEventConfiguration(
        inputEncoding: encoding, vocabularySize: 6, hiddenSize: 18, layerCount: 3, dropout: 0),
      seed: 4)
    let windows = randomWindows(count: 60, length: 4, vocabularySize: 6, seed: 5)
    expectSlopes(GradientProbe(model, windows), model.parameters.values, atLeast: 14)
  }

  @Test func gradientsMatchFiniteDifferencesUnderDropoutAndTokenDropout() throws {
    let model = try NextEventModel(
      configuration: NextEventConfiguration(vocabularySize: 6, hiddenSize: 16, dropout: 0.4),
      seed: 6)
    var options = TrainingOptions.single
    options.tokenDropout = TokenDropout(probability: 0.3, replacementToken: 0)
    let windows = randomWindows(count: 50, length: 5, vocabularySize: 6, seed: 7)
    expectSlopes(
      GradientProbe(model, windows, options: options), model.parameters.values, atLeast: 11)
  }

  @Test(arguments: [0, 1, 4])
  func classifierGradientsMatchFiniteDifferences(heads: Int) throws {
    let configuration = KindClassifierConfiguration(
      vocabularySize: 6, featureSize: 5, kindCount: 4, hiddenSize: 16, dropout: 0,
      attentionHeads: heads,
      lossWeights: LossWeights(sequence: 0.3, kind: 0.3, consistency: 0.4))
    let model = try KindClassifier(configuration: configuration, seed: 8)
    let examples = randomExamples(count: 55, length: 4, configuration, seed: 9)
    // ReLU has no derivative at zero: half the units are pushed well above it and half well below.
    var values = model.parameters.values
    for entry in model.shape.layout.entries where entry.name.hasSuffix(".0.bias") {
      for unit in 0..<entry.count { values[entry.offset + unit] = unit.isMultiple(of: 2) ? 4 : -4 }
    }
    expectSlopes(GradientProbe(model, examples), values, atLeast: heads == 0 ? 21 : 25)
  }

  @Test func validationLossIsTheLossOfTheSameDataWithoutDropout() throws {
    let windows = randomWindows(count: 101, length: 5, vocabularySize: 6, seed: 10)
    let model = try NextEventModel(
      configuration: NextEventConfiguration(vocabularySize: 6, hiddenSize: 16, dropout: 0), seed: 1)
    let probe = GradientProbe(model, windows)
    let loss = probe.gradient(at: model.parameters.values).loss
    let parameters = FloatBuffer(model.parameters.values)
    let validation = probe.network.validationLoss(parameters) { true } ?? .nan
    #expect(abs(loss - validation) < 1e-6)
  }

  @Test func aGradientOverCountedWindowsEqualsThatOverRepeatedOnes() throws {
    var counted = randomWindows(count: 3, length: 4, vocabularySize: 6, seed: 11)
    counted.weights = [3, 1, 2]
    var repeated = WeightedWindows(length: 4, tokens: [], targets: [], weights: [])
    for (row, times) in [(0, 3), (1, 1), (2, 2)] {
      for _ in 0..<times {
        repeated.tokens += counted.tokens[row * 4..<row * 4 + 4]
        repeated.targets.append(counted.targets[row])
        repeated.weights.append(1)
      }
    }
    let model = try NextEventModel(
      configuration: NextEventConfiguration(vocabularySize: 6, hiddenSize: 16, dropout: 0), seed: 2)
    let values = model.parameters.values
    let one = GradientProbe(model, counted).gradient(at: values)
    let other = GradientProbe(model, repeated).gradient(at: values)
    #expect(largestDifference(one.gradient, other.gradient) < 1e-6)
  }
}
