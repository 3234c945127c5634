/// An LSTM that predicts the token after a window: the paper's `BaseDeepLogModel`, with a choice of
/// input encodings.
///
/// A value: copies share nothing that changes, and `infer` may run on any number of threads at
/// once.
public struct NextEventModel: Sendable {
  /// The shape of the network.
  public let configuration: NextEventConfiguration
  var parameters: Parameters
  let shape: NextEventShape
  let kernels: Kernels
  private(set) var network: NextEventNetwork

  /// Creates a network with random weights, drawn as PyTorch's modules draw theirs.
  public init(configuration: NextEventConfiguration, seed: UInt64) throws(SequenceModelError) {
    try self.init(configuration: configuration, kernels: .best) { layout in
      Parameters(layout: layout, seed: seed)
    }
  }

  /// Creates a network from tensors with PyTorch's names and shapes, in any order.
  public init(
    configuration: NextEventConfiguration, tensors: [Tensor]
  ) throws(SequenceModelError) {
    try self.init(configuration: configuration, tensors: tensors, kernels: .best)
  }

  init(
    configuration: NextEventConfiguration, tensors: [Tensor], kernels: Kernels
  ) throws(SequenceModelError) {
    try self.init(configuration: configuration, kernels: kernels) {
      layout throws(SequenceModelError) in try Parameters(layout: layout, tensors: tensors)
    }
  }

  private init(
    configuration: NextEventConfiguration, kernels: Kernels,
    start: (ParameterLayout) throws(SequenceModelError) -> Parameters
  ) throws(SequenceModelError) {
    self.configuration = configuration
    self.kernels = kernels
    shape = try NextEventShape(configuration)
    parameters = try start(shape.layout)
    network = NextEventNetwork(shape, kernels: kernels, values: parameters.values)
  }

  /// All weights with PyTorch's names, shapes and layouts.
  public var tensors: [Tensor] { parameters.tensors }

  /// Learns to predict the targets of weighted distinct windows.
  ///
  /// The loss is the cross-entropy, −ln p(target), averaged over the windows with their weights as
  /// counts; the gradient of a batch is scaled so that all batches of an epoch average to the
  /// gradient over all windows. With validation windows, training stops early and keeps the weights
  /// of the best epoch; without, it runs for `maximumEpochs`. `progress` is called after each epoch
  /// and a few times a second in long ones, and cancels by returning false. On any error the model
  /// is as it was. The result depends on neither the number of threads nor the time. `keep` takes the
  /// state after each epoch; a run with the same data and options that starts `from` one gives the
  /// same weights as one that never stopped.
  @discardableResult
  public mutating func train(
    _ training: WeightedWindows, validation: WeightedWindows, options: TrainingOptions,
    from state: TrainingState? = nil, progress: (TrainingProgress) -> Bool = { _ in true },
    keep: ((TrainingState) -> Void)? = nil
  ) throws(SequenceModelError) -> TrainingReport {
    try options.validate(vocabularySize: configuration.vocabularySize)
    try training.validate(vocabularySize: configuration.vocabularySize)
    try validation.validate(vocabularySize: configuration.vocabularySize)
    guard training.count > 0 else { throw .noExamples }
    try requireOption(
      "validation.length", validation.count == 0 || validation.length == training.length,
      "the length of the training windows")
    let learner = NextEventTraining(
      shape: shape, kernels: kernels, training: training, validation: validation, options: options)
    let report = try withoutActuallyEscaping(progress) {
      progress throws(SequenceModelError) in
      try Trainer(network: learner, options: options, kernels: kernels, progress: progress)
        .train(&parameters.values, from: state, keep: keep)
    }
    network = NextEventNetwork(shape, kernels: kernels, values: parameters.values)
    return report
  }
}
