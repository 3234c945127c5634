/// What can be wrong with the arguments of a network, or go wrong while it trains.
public enum SequenceModelError: Error, Sendable, Equatable {
  /// A configuration or training option is outside its range; `name` is the property, `allowed`
  /// says what it may be.
  case invalidOption(name: String, allowed: String)
  /// A required tensor is absent.
  case missingTensor(name: String)
  /// A tensor that the configuration has no place for.
  case unexpectedTensor(name: String)
  /// A tensor's shape or number of values is not what the configuration asks for.
  case wrongShape(name: String, expected: [Int], found: [Int])
  /// A tensor or an input array holds a NaN or an infinity.
  case notFinite(name: String)
  /// An input array's length does not fit the number of rows.
  case wrongCount(name: String, expected: Int, found: Int)
  /// A token, target, kind or similar number lies outside `0..<limit`.
  case outOfRange(name: String, index: Int, value: Int, limit: Int)
  /// A weight is negative, or all weights are zero.
  case invalidWeights
  /// There is nothing to train on.
  case noExamples
  /// Sizes multiply to more than this machine can address, or than the library accepts.
  case tooLarge(name: String)
  /// The loss became NaN or infinite in this epoch: lower the learning rate or look for extreme
  /// inputs.
  case diverged(epoch: Int)
  /// The progress callback asked to stop; the model is unchanged.
  case cancelled
}
