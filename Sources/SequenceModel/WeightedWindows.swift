/// Distinct windows with their multiplicities.
///
/// Logs repeat themselves enormously: a gradient over distinct windows weighted by their counts
/// equals the gradient over all windows.
public struct WeightedWindows: Sendable, Equatable {
  /// Tokens in a window.
  public var length: Int
  /// Windows, `[count, length]` row-major.
  public var tokens: [Int32]
  /// The token after each window, `[count]`.
  public var targets: [Int32]
  /// How often each window came, `[count]`; not negative.
  public var weights: [Float]

  /// Creates a collection; its arrays are checked where it is used.
  public init(length: Int, tokens: [Int32], targets: [Int32], weights: [Float]) {
    self.length = length
    self.tokens = tokens
    self.targets = targets
    self.weights = weights
  }

  /// Number of windows.
  public var count: Int { targets.count }

  func validate(vocabularySize: Int) throws(SequenceModelError) {
    try requireTokens(tokens, rows: count, length: length, vocabularySize: vocabularySize)
    try requireRange("targets", targets, 0..<vocabularySize)
    try requireWeights(weights, rows: count)
  }
}
