/// Windows with external features, the kinds they belong to and the tokens that follow them.
public struct ClassifierExamples: Sendable, Equatable {
  /// Tokens in a window.
  public var length: Int
  /// Windows, `[count, length]` row-major.
  public var tokens: [Int32]
  /// The token after each window, `[count]`; -1 where there is none to learn.
  public var nextTokens: [Int32]
  /// External features, `[count, featureSize]` row-major; used as they are, without scaling.
  public var features: [Float]
  /// The kind of each window, `[count]`.
  public var kinds: [Int32]
  /// How often each example came, `[count]`; not negative.
  public var weights: [Float]

  /// Creates a collection; its arrays are checked where it is used.
  public init(
    length: Int, tokens: [Int32], nextTokens: [Int32], features: [Float], kinds: [Int32],
    weights: [Float]
  ) {
    self.length = length
    self.tokens = tokens
    self.nextTokens = nextTokens
    self.features = features
    self.kinds = kinds
    self.weights = weights
  }

  /// Number of examples.
  public var count: Int { kinds.count }

  func validate(_ configuration: KindClassifierConfiguration) throws(SequenceModelError) {
    try requireTokens(
      tokens, rows: count, length: length, vocabularySize: configuration.vocabularySize)
    try requireCount("nextTokens", nextTokens.count, count)
    try requireRange("nextTokens", nextTokens, -1..<configuration.vocabularySize)
    try requireFeatures(features, rows: count, featureSize: configuration.featureSize)
    try requireRange("kinds", kinds, 0..<configuration.kindCount)
    try requireWeights(weights, rows: count)
  }
}
