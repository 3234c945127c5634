/// Weights of the three parts of a `KindClassifier`'s loss; they sum to 1.
public struct LossWeights: Sendable, Equatable {
  /// α, of the cross-entropy of the next token.
  public var sequence: Float
  /// β, of the class-balanced cross-entropy of the kind.
  public var kind: Float
  /// γ, of the distance between the projected hidden state and the features.
  public var consistency: Float

  /// Creates weights; that they sum to 1 is checked where they are used.
  public init(sequence: Float = 0.3, kind: Float = 0.6, consistency: Float = 0.1) {
    self.sequence = sequence
    self.kind = kind
    self.consistency = consistency
  }
}

/// The shape of a `KindClassifier`.
public struct KindClassifierConfiguration: Sendable, Equatable {
  /// How a token enters the network.
  public var inputEncoding: InputEncoding
  /// Number of tokens; they are also the classes of the sequence head.
  public var vocabularySize: Int
  /// Length of the external feature vector; 0 leaves the features and the consistency term out.
  public var featureSize: Int
  /// Classes of the anomaly head.
  public var kindCount: Int
  /// Units of each LSTM layer; at least 2, since the heads are half as wide.
  public var hiddenSize: Int
  /// LSTM layers on top of each other.
  public var layerCount: Int
  /// Share of hidden units dropped between layers while training, as in `nn.LSTM`.
  public var dropout: Float
  /// Heads of the self-attention, a divisor of `hiddenSize`; 0 switches attention off.
  public var attentionHeads: Int
  /// Weights of the parts of the loss.
  public var lossWeights: LossWeights

  /// Creates a configuration with the paper's sizes.
  public init(
    inputEncoding: InputEncoding = .embedding(dimension: 32), vocabularySize: Int, featureSize: Int,
    kindCount: Int, hiddenSize: Int = 128, layerCount: Int = 2, dropout: Float = 0.2,
    attentionHeads: Int = 4, lossWeights: LossWeights = LossWeights()
  ) {
    self.inputEncoding = inputEncoding
    self.vocabularySize = vocabularySize
    self.featureSize = featureSize
    self.kindCount = kindCount
    self.hiddenSize = hiddenSize
    self.layerCount = layerCount
    self.dropout = dropout
    self.attentionHeads = attentionHeads
    self.lossWeights = lossWeights
  }

  /// The part of the network that it shares with a `NextEventModel`.
  var encoder: NextEventConfiguration {
    NextEventConfiguration(
      inputEncoding: inputEncoding, vocabularySize: vocabularySize, hiddenSize: hiddenSize,
      layerCount: layerCount, dropout: dropout)
  }

  /// Whether a model's LSTM layers can serve as the network's own; dropout is training's matter.
  func fits(encoder other: NextEventConfiguration) -> Bool {
    var own = encoder
    own.dropout = other.dropout
    return own == other
  }

  func validate() throws(SequenceModelError) {
    try encoder.validate()
    try requireOption("hiddenSize", hiddenSize >= 2, "at least 2 for a classifier")
    try requireOption(
      "featureSize", (0...Limits.width).contains(featureSize), "0...\(Limits.width)")
    try requireOption("kindCount", (1...Limits.width).contains(kindCount), "1...\(Limits.width)")
    try requireOption(
      "attentionHeads",
      attentionHeads == 0 || (attentionHeads > 0 && hiddenSize.isMultiple(of: attentionHeads)),
      "0 or a divisor of hiddenSize")
    let weights = [lossWeights.sequence, lossWeights.kind, lossWeights.consistency]
    let sum = weights.reduce(0, +)
    try requireOption(
      "lossWeights", weights.allSatisfy { $0 >= 0 } && abs(sum - 1) <= 1e-4,
      "three numbers of at least 0 that sum to 1")
  }
}
