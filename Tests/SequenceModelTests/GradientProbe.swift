@testable import SequenceModel

/// A network whose loss and gradient over a fixed batch can be asked at any parameters.
struct GradientProbe {
  let layout: ParameterLayout
  let network: any TrainableNetwork
  let batch: [BatchEntry]

  init(
    _ model: NextEventModel, _ windows: WeightedWindows, kernels: Kernels = .best,
    options: TrainingOptions = .single
  ) {
    layout = model.shape.layout
    network = NextEventTraining(
      shape: model.shape, kernels: kernels, training: windows, validation: windows,
      options: options)
    batch = (0..<windows.count).map { BatchEntry(row: Int32($0), share: 1) }
  }

  init(
    _ model: KindClassifier, _ examples: ClassifierExamples, kernels: Kernels = .best,
    options: TrainingOptions = .single, weights: ExampleWeights? = nil
  ) {
    layout = model.shape.layout
    network = KindClassifierTraining(
      shape: model.shape, encoder: model.encoder, kernels: kernels,
      lossWeights: model.configuration.lossWeights,
      training: examples, validation: examples, options: options, weights: weights)
    batch = (0..<examples.count).map { BatchEntry(row: Int32($0), share: 1) }
  }

  func gradient(at values: [Float]) -> (loss: Double, gradient: [Float]) {
    let gradient = FloatBuffer(values.count)
    let loss = network.gradient(FloatBuffer(values), batch, scale: 1, step: 3, into: gradient)
    return (loss, gradient.array)
  }

  /// For each parameter tensor the gradient along its own direction, by back-propagation and by
  /// central differences of the loss.
  ///
  /// Along the gradient the derivative is largest, so rounding of single-precision losses matters
  /// least.
  func slopes(at values: [Float], step: Float = 2e-3) -> [(
    name: String, analytic: Double, numeric: Double
  )] {
    let gradient = gradient(at: values).gradient
    return layout.entries.compactMap { entry in
      let range = entry.offset..<entry.offset + entry.count
      let norm = range.reduce(0.0) { $0 + Double(gradient[$1]) * Double(gradient[$1]) }.squareRoot()
      guard norm > 1e-6 else { return nil }
      var (up, down) = (values, values)
      for index in range {
        up[index] += step * gradient[index] / Float(norm)
        down[index] -= step * gradient[index] / Float(norm)
      }
      let difference = self.gradient(at: up).loss - self.gradient(at: down).loss
      return (entry.name, norm, difference / Double(2 * step))
    }
  }
}

extension TrainingOptions {
  /// The default ones, with gradients that differ from the true ones by no more than single precision
  /// does.
  static var single: TrainingOptions {
    var options = TrainingOptions()
    options.precision = .single
    return options
  }
}

/// Windows, targets and weights from a seed.
func randomWindows(count: Int, length: Int, vocabularySize: Int, seed: UInt64) -> WeightedWindows {
  var generator = SeededGenerator(seed)
  func token() -> Int32 { Int32(generator.next() % UInt64(vocabularySize)) }
  return WeightedWindows(
    length: length, tokens: (0..<count * length).map { _ in token() },
    targets: (0..<count).map { _ in token() },
    weights: (0..<count).map { _ in Float(generator.uniform() * 3 + 0.1) })
}

/// Examples for a classifier from a seed; every fourth has no next token.
func randomExamples(
  count: Int, length: Int, _ configuration: KindClassifierConfiguration, seed: UInt64
) -> ClassifierExamples {
  let windows = randomWindows(
    count: count, length: length, vocabularySize: configuration.vocabularySize, seed: seed)
  var generator = SeededGenerator(seed, 1)
  return ClassifierExamples(
    length: length, tokens: windows.tokens,
    nextTokens: windows.targets.enumerated().map { $0 % 4 == 3 ? -1 : $1 },
    features: (0..<count * configuration.featureSize).map { _ in generator.normal() },
    kinds: (0..<count).map { _ in Int32(generator.next() % UInt64(configuration.kindCount)) },
    weights: windows.weights)
}
