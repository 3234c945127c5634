/// The paper's `EnhancedDeepLogModel`: an LSTM, optionally with multi-head self-attention, whose
/// sequence features go to a head for the next token and, beside external features, to a head for
/// the kind.
///
/// Beyond the printed class it has the projection `consistency` that the third part of the loss
/// needs, a choice of input encodings, and the choice to read the hidden states of a
/// `NextEventModel` instead of running LSTM layers of its own. A value: copies share nothing that
/// changes, and `infer` may run on any number of threads at once.
public struct KindClassifier: Sendable {
  /// The shape of the network.
  public let configuration: KindClassifierConfiguration
  /// The model whose LSTM layers it reads; they do not learn with it. nil where it has its own.
  public let encoder: NextEventModel?
  var parameters: Parameters
  let shape: KindClassifierShape
  let kernels: Kernels
  private(set) var network: KindClassifierNetwork

  /// Creates a network with random weights, drawn as PyTorch's modules draw theirs.
  ///
  /// - Parameter encoder: a model of the same encoding and sizes to share LSTM layers with.
  public init(
    configuration: KindClassifierConfiguration, encoder: NextEventModel? = nil, seed: UInt64
  ) throws(SequenceModelError) {
    try self.init(configuration: configuration, encoder: encoder, kernels: .best) { layout in
      Parameters(layout: layout, seed: seed)
    }
  }

  /// Creates a network from tensors with PyTorch's names and shapes, in any order.
  ///
  /// - Parameter encoder: the model it shares LSTM layers with, whose tensors are not among these.
  public init(
    configuration: KindClassifierConfiguration, encoder: NextEventModel? = nil, tensors: [Tensor]
  ) throws(SequenceModelError) {
    try self.init(
      configuration: configuration, encoder: encoder, tensors: tensors, kernels: .best)
  }

  init(
    configuration: KindClassifierConfiguration, encoder: NextEventModel? = nil, tensors: [Tensor],
    kernels: Kernels
  ) throws(SequenceModelError) {
    try self.init(configuration: configuration, encoder: encoder, kernels: kernels) {
      layout throws(SequenceModelError) in try Parameters(layout: layout, tensors: tensors)
    }
  }

  private init(
    configuration: KindClassifierConfiguration, encoder: NextEventModel?, kernels: Kernels,
    start: (ParameterLayout) throws(SequenceModelError) -> Parameters
  ) throws(SequenceModelError) {
    self.configuration = configuration
    self.encoder = encoder
    self.kernels = kernels
    shape = try KindClassifierShape(configuration, encoder: encoder)
    parameters = try start(shape.layout)
    network = KindClassifierNetwork(
      shape, encoder: encoder, kernels: kernels, values: parameters.values)
  }

  /// All weights that are its own, with PyTorch's names, shapes and layouts. The printed class knows neither
  /// `consistency.*` nor `embedding.weight`.
  public var tensors: [Tensor] { parameters.tensors }

  /// Learns kinds and next tokens from weighted examples.
  ///
  /// The loss is α · cross-entropy of the next token + β · class-balanced cross-entropy of the kind
  /// + γ · mean of ‖MLP(h_T) − features‖₂, the norm itself, not its square; h_T is the last hidden
  /// state of the LSTM. Class-balanced: a kind's total weight goes with the square root of its
  /// examples' weight. Each part is a weighted mean over the examples it applies to. Early
  /// stopping, progress, cancelling and reproducibility are those of `NextEventModel.train`.
  @discardableResult
  public mutating func train(
    _ training: ClassifierExamples, validation: ClassifierExamples, options: TrainingOptions,
    from state: TrainingState? = nil, progress: (TrainingProgress) -> Bool = { _ in true },
    keep: ((TrainingState) -> Void)? = nil
  ) throws(SequenceModelError) -> TrainingReport {
    try options.validate(vocabularySize: configuration.vocabularySize)
    try training.validate(configuration)
    try validation.validate(configuration)
    guard training.count > 0 else { throw .noExamples }
    try requireOption(
      "validation.length", validation.count == 0 || validation.length == training.length,
      "the length of the training windows")
    let learner = KindClassifierTraining(
      shape: shape, encoder: encoder, kernels: kernels, lossWeights: configuration.lossWeights,
      training: training,
      validation: validation, options: options)
    let report = try withoutActuallyEscaping(progress) {
      progress throws(SequenceModelError) in
      try Trainer(network: learner, options: options, kernels: kernels, progress: progress)
        .train(&parameters.values, from: state, keep: keep)
    }
    network = KindClassifierNetwork(
      shape, encoder: encoder, kernels: kernels, values: parameters.values)
    return report
  }
}
