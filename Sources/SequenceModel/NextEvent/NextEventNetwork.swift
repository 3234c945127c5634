import SIMDKernels

/// The layers of a `NextEventModel` and their places among its parameters.
struct NextEventShape: Sendable {
  let lstm: LSTMShape
  let classifier: Linear
  let layout: ParameterLayout
  /// The first parameter after the LSTM layers.
  let origin: Int

  init(_ configuration: NextEventConfiguration) throws(SequenceModelError) {
    try configuration.validate()
    try requireParameterCount(configuration)
    var layout = ParameterLayout()
    lstm = LSTMShape(configuration, addingTo: &layout)
    origin = layout.count
    classifier = Linear(
      "classifier", inputs: configuration.hiddenSize, outputs: configuration.vocabularySize,
      addingTo: &layout)
    self.layout = layout
  }
}

/// A `NextEventModel`'s weights as the kernels read them; immutable once loaded, apart from
/// training.
final class NextEventNetwork: @unchecked Sendable {
  let shape: NextEventShape
  let kernels: Kernels
  let lstm: PackedLSTM
  let classifier: PackedLinear
  let workspaces: WorkspacePool<NextEventWorkspace>

  init(
    _ shape: NextEventShape, kernels: Kernels, training: Bool,
    precision: TrainingPrecision = .fastest
  ) {
    self.shape = shape
    self.kernels = kernels
    lstm = PackedLSTM(
      shape: shape.lstm, kernels: kernels, training: training, precision: precision)
    classifier = PackedLinear(shape.classifier, kernels: kernels, training: training)
    workspaces = WorkspacePool { NextEventWorkspace(shape, capacity: $0, length: $1) }
  }

  convenience init(_ shape: NextEventShape, kernels: Kernels, values: [Float]) {
    self.init(shape, kernels: kernels, training: false)
    load(FloatBuffer(values))
  }

  func load(_ parameters: FloatBuffer) {
    lstm.load(parameters.base)
    classifier.load(parameters.base)
  }

  /// Logits `[leaves, vocabulary]` of the chunk that `work` holds.
  func forward(
    _ work: LSTMWorkspace, dropout: DropoutSource? = nil, into logits: UnsafeMutablePointer<Float>
  ) {
    lstm.forward(work, dropout: dropout)
    classifier.forward(
      rows: work.leafCount, work.top, xRow: shape.lstm.units, into: logits,
      yRow: shape.lstm.vocabularySize)
  }

  /// ln p `[rows, vocabulary]` of the tokens that follow hidden states, which stand `xRow` apart.
  func logProbabilities(
    rows: Int, _ states: UnsafePointer<Float>, xRow: Int, into result: UnsafeMutablePointer<Float>
  ) {
    classifier.forward(
      rows: rows, states, xRow: xRow, into: result, yRow: shape.lstm.vocabularySize)
    simd_log_softmax(kernels.ops, rows, shape.lstm.vocabularySize, result)
  }
}
