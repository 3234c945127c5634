import SequenceModel

extension Options {
  /// Probability with which training shows an event as unseen, so that the networks know what to
  /// make of new ones.
  private static let unseenProbability: Float = 0.01

  /// Steps of an epoch at least: a few hundred steps are needed however little there is to learn.
  private static let minimumSteps = 10

  /// How both networks are trained.
  func trainingOptions(vocabulary: Vocabulary, epochs: Int, threads: Int) -> TrainingOptions {
    var training = TrainingOptions()
    training.batchSize = batchSize
    training.learningRate = Float(learningRate)
    training.maximumEpochs = epochs
    training.patience = patience
    training.minimumStepsPerEpoch = Self.minimumSteps
    training.seed = seed
    training.threads = threads
    // A bare number has no room for "unseen": the paper's input learns from what came only.
    if input != .scalar {
      training.tokenDropout = TokenDropout(
        probability: Self.unseenProbability, replacementToken: vocabulary.unseen)
    }
    return training
  }
}
