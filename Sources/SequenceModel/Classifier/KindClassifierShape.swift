/// The layers of a `KindClassifier` and their places among its parameters.
struct KindClassifierShape: Sendable {
  let lstm: LSTMShape
  let attention: Attention?
  let sequenceHead, anomalyHead: PerceptronHead
  /// Projects the hidden state onto the features; nil without features.
  let consistency: PerceptronHead?
  let featureSize, kindCount: Int
  let layout: ParameterLayout
  /// The first parameter after the LSTM layers.
  let origin: Int

  /// The LSTM layers are among the parameters, and learn.
  var ownsEncoder: Bool { origin > 0 }

  /// - Parameter encoder: the model whose LSTM layers the network shares; without one it has its own.
  init(
    _ configuration: KindClassifierConfiguration, encoder: NextEventModel?
  ) throws(SequenceModelError) {
    try configuration.validate()
    let hidden = configuration.hiddenSize
    var layout = ParameterLayout()
    if let encoder {
      try requireOption(
        "encoder", configuration.fits(encoder: encoder.configuration),
        "a model of the classifier's encoding and sizes")
      lstm = encoder.shape.lstm
    } else {
      try requireParameterCount(configuration.encoder)
      lstm = LSTMShape(configuration.encoder, addingTo: &layout)
    }
    origin = layout.count
    attention =
      configuration.attentionHeads > 0
      ? Attention(hiddenSize: hidden, heads: configuration.attentionHeads, addingTo: &layout) : nil
    sequenceHead = PerceptronHead(
      "sequence_head", inputs: hidden, middle: hidden / 2, outputs: configuration.vocabularySize,
      addingTo: &layout)
    anomalyHead = PerceptronHead(
      "anomaly_head", inputs: hidden + configuration.featureSize, middle: hidden / 2,
      outputs: configuration.kindCount, addingTo: &layout)
    consistency =
      configuration.featureSize > 0
      ? PerceptronHead(
        "consistency", inputs: hidden, middle: hidden, outputs: configuration.featureSize,
        addingTo: &layout) : nil
    featureSize = configuration.featureSize
    kindCount = configuration.kindCount
    self.layout = layout
    if layout.count > Limits.parameterCount { throw .tooLarge(name: "parameters") }
  }

  /// Width of what the anomaly head sees: sequence features, then external features.
  var combinedWidth: Int { lstm.hiddenSize + featureSize }
}

/// What one chunk of examples leaves behind.
final class KindClassifierWorkspace: Workspace, @unchecked Sendable {
  let lstm: LSTMWorkspace
  let attention: AttentionWorkspace?
  /// Sequence features beside external features, `[rows, hidden + featureSize]`, and their
  /// gradients.
  let combined, combinedGradient: FloatBuffer
  /// Sequence features alone, `[leaves, hidden]`, and their gradients.
  let features, featureGradient: FloatBuffer
  /// Gradients of the projected hidden states, `[leaves, featureSize]`.
  let projectionGradient: FloatBuffer
  /// What the windows of a row of logits weigh together.
  let rowWeights: FloatBuffer
  let sequenceHead, anomalyHead: PerceptronWorkspace
  let consistency: PerceptronWorkspace?
  let scratch: FloatBuffer

  /// - Parameter scratchCount: what training needs; nil leaves out all that only training does.
  init(
    _ shape: KindClassifierShape, capacity: ChunkCapacity, length: Int, scratchCount: Int? = nil
  ) {
    let training = scratchCount != nil
    let rows = capacity.rows
    lstm = LSTMWorkspace(
      shape: shape.lstm, capacity: capacity, length: length,
      training: training && shape.ownsEncoder)
    attention = shape.attention.map {
      AttentionWorkspace($0, rows: rows, length: length, training: training)
    }
    combined = FloatBuffer(rows * shape.combinedWidth)
    combinedGradient = FloatBuffer(training ? combined.count : 0)
    features = FloatBuffer(rows * shape.lstm.hiddenSize)
    featureGradient = FloatBuffer(training ? features.count : 0)
    projectionGradient = FloatBuffer(training ? rows * shape.featureSize : 0)
    rowWeights = FloatBuffer(training ? rows : 0)
    sequenceHead = PerceptronWorkspace(shape.sequenceHead, capacity: rows, training: training)
    anomalyHead = PerceptronWorkspace(shape.anomalyHead, capacity: rows, training: training)
    consistency = shape.consistency.map {
      PerceptronWorkspace($0, capacity: rows, training: training)
    }
    scratch = FloatBuffer(scratchCount ?? 0)
  }

  var length: Int { lstm.length }
  var capacity: ChunkCapacity { lstm.capacity }

  var floatCount: Int {
    let own = [
      combined, combinedGradient, features, featureGradient, projectionGradient, rowWeights,
      scratch,
    ]
    let heads = [sequenceHead, anomalyHead, consistency].compactMap { $0?.floatCount }
    return lstm.floatCount + (attention?.floatCount ?? 0) + own.reduce(0) { $0 + $1.count }
      + heads.reduce(0, +)
  }
}
