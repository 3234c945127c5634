/// The shape of a `NextEventModel`.
public struct NextEventConfiguration: Sendable, Equatable {
  /// How a token enters the network.
  public var inputEncoding: InputEncoding
  /// Number of tokens; they are also the output classes.
  public var vocabularySize: Int
  /// Units of each LSTM layer.
  public var hiddenSize: Int
  /// LSTM layers on top of each other.
  public var layerCount: Int
  /// Share of hidden units dropped between layers while training, as in `nn.LSTM`.
  public var dropout: Float

  /// Creates a configuration with the paper's sizes.
  public init(
    inputEncoding: InputEncoding = .embedding(dimension: 32), vocabularySize: Int,
    hiddenSize: Int = 128, layerCount: Int = 2, dropout: Float = 0.2
  ) {
    self.inputEncoding = inputEncoding
    self.vocabularySize = vocabularySize
    self.hiddenSize = hiddenSize
    self.layerCount = layerCount
    self.dropout = dropout
  }

  func validate() throws(SequenceModelError) {
    try requireOption(
      "vocabularySize", (1...Limits.vocabularySize).contains(vocabularySize),
      "1...\(Limits.vocabularySize)")
    try requireOption(
      "hiddenSize", (1...Limits.width).contains(hiddenSize), "1...\(Limits.width)")
    try requireOption(
      "layerCount", (1...Limits.layerCount).contains(layerCount), "1...\(Limits.layerCount)")
    try requireOption("dropout", dropout >= 0 && dropout < 1, "0 or more and less than 1")
    if case .embedding(let dimension) = inputEncoding {
      try requireOption(
        "inputEncoding.dimension", (1...Limits.width).contains(dimension), "1...\(Limits.width)")
    }
  }
}
