/// How far a training has come.
public struct Progress: Sendable {
  /// What a training does one after the other.
  public enum Stage: Sendable {
    case reading
    case normal
    case signatures
    case kinds
    case classifier

    /// The stage's name.
    public var text: StaticString {
      switch self {
      case .reading: "reading"
      case .normal: "normal"
      case .signatures: "signatures"
      case .kinds: "kinds"
      case .classifier: "classifier"
      }
    }
  }

  public var stage: Stage
  public var step = 0
  /// Steps of the stage at most; 0 when not known.
  public var steps = 0
  /// Losses in nats; NaN where there is none.
  public var loss = Double.nan
  public var validationLoss = Double.nan
  /// Windows or lines a second; NaN where there is none.
  public var rate = Double.nan

  init(_ stage: Stage) { self.stage = stage }
}
