/// Replaces context tokens at random while training, so that a network learns to go on after a
/// token it has never seen.
public struct TokenDropout: Sendable, Equatable {
  /// Chance of each token to be replaced.
  public var probability: Float
  /// What it is replaced by.
  public var replacementToken: Int32

  /// Creates the option; its values are checked where it is used.
  public init(probability: Float, replacementToken: Int32) {
    self.probability = probability
    self.replacementToken = replacementToken
  }
}

/// How the learning rate changes over the steps of a training run.
public enum LearningRateSchedule: Sendable, Equatable {
  /// It does not.
  case constant
  /// It falls along half a cosine to a fraction of its first value at the last of `maximumEpochs`.
  case cosine(finalFraction: Float)
}

/// What training's products of hidden states, gate gradients and recurrent weights are computed in.
public enum TrainingPrecision: Sendable, Equatable {
  /// bfloat16 where the processor multiplies it faster, else single precision.
  case fastest
  case single
  /// On a processor without such instructions too, by means of others.
  case bfloat16

  func isBFloat16(_ kernels: Kernels) -> Bool {
    switch self {
    case .fastest: kernels.ops.pointee.multiplies_bfloat16 != 0
    case .single: false
    case .bfloat16: true
    }
  }
}

/// How a network is trained: Adam on batches of distinct windows, early stopping by the validation
/// loss.
public struct TrainingOptions: Sendable, Equatable {
  /// Distinct windows in a batch.
  public var batchSize = 64
  /// Step size of Adam.
  public var learningRate: Float = 2e-3
  /// Course of the learning rate.
  public var schedule = LearningRateSchedule.cosine(finalFraction: 0.05)
  /// Decoupled weight decay, relative to the learning rate.
  public var weightDecay: Float = 0
  /// Epochs after which training ends in any case.
  public var maximumEpochs = 20
  /// Epochs without a better validation loss after which training ends.
  public var patience = 5
  /// Steps an epoch has at least; a small collection is passed through several times, so that it
  /// converges too.
  public var minimumStepsPerEpoch = 50
  /// Largest global norm of a gradient; a longer one is scaled down. 0 switches clipping off.
  public var gradientClip: Float = 5
  /// Replacement of context tokens at random; nil switches it off.
  public var tokenDropout: TokenDropout?
  /// Seed of order, dropout and token dropout.
  public var seed: UInt64 = 0
  /// Of products; sums, weights and moments are in single precision in any case.
  public var precision = TrainingPrecision.fastest
  /// Threads to use; the result does not depend on it.
  public var threads = 1

  /// Seconds between two reports of progress, each of which may cancel; 0 reports after every batch.
  public var progressInterval = 0.05

  /// Creates the default options.
  public init() {}

  func validate(vocabularySize: Int) throws(SequenceModelError) {
    try requireOption("batchSize", (1...1 << 20).contains(batchSize), "1...\(1 << 20)")
    try requireOption(
      "learningRate", learningRate > 0 && learningRate <= 1, "more than 0 and at most 1")
    if case .cosine(let fraction) = schedule {
      try requireOption("schedule", fraction >= 0 && fraction <= 1, "a fraction of 0 to 1")
    }
    try requireOption("weightDecay", weightDecay >= 0 && weightDecay <= 1, "0 to 1")
    try requireOption("maximumEpochs", (1...1_000_000).contains(maximumEpochs), "1...1000000")
    try requireOption("patience", (1...1_000_000).contains(patience), "1...1000000")
    try requireOption(
      "minimumStepsPerEpoch", (0...1_000_000).contains(minimumStepsPerEpoch), "0...1000000")
    try requireOption(
      "gradientClip", gradientClip >= 0 && gradientClip.isFinite, "a number of at least 0")
    try requireOption(
      "progressInterval", progressInterval >= 0 && progressInterval.isFinite,
      "a number of at least 0")
    try requireOption("threads", (1...1024).contains(threads), "1...1024")
    if let tokenDropout {
      try requireOption(
        "tokenDropout.probability", tokenDropout.probability >= 0 && tokenDropout.probability <= 1,
        "0 to 1")
      try requireRange(
        "tokenDropout.replacementToken", [tokenDropout.replacementToken], 0..<vocabularySize)
    }
  }
}
