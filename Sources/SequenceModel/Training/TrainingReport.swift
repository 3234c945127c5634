/// How far a training run is.
public struct TrainingProgress: Sendable, Equatable {
  /// The epoch at hand, from 1.
  public var epoch: Int
  /// The last epoch there can be; early stopping may end before.
  public var maximumEpochs: Int
  /// Share of `maximumEpochs` that is done, 0 to 1.
  public var fraction: Double
  /// Mean loss over the epoch so far, in nats a window for a `NextEventModel`.
  public var trainingLoss: Double
  /// Validation loss after the last whole epoch, if there is validation data.
  public var validationLoss: Double?
  /// Distinct windows learned from in a second.
  public var windowsPerSecond: Double
  /// Seconds until `maximumEpochs` at this speed; nil before there is one.
  public var remainingSeconds: Double?
}

/// What a training run did.
public struct TrainingReport: Sendable, Equatable {
  /// Epochs run.
  public var epochs = 0
  /// The epoch whose weights were kept, from 1; the last one without validation data.
  public var bestEpoch = 0
  /// Validation loss of those weights.
  public var bestValidationLoss: Double?
  /// Mean training loss of each epoch, dropout included.
  public var trainingLoss: [Double] = []
  /// Validation loss after each epoch; empty without validation data.
  public var validationLoss: [Double] = []

  /// Creates the report of a run that has not begun.
  public init() {}
}
