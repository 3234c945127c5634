import Glibc

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
  /// Seconds until the stage's end at most, at the speed so far; NaN where not known.
  public var remaining = Double.nan

  init(_ stage: Stage) { self.stage = stage }
}

/// Tells from the steps so far when a stage will end.
struct StageClock {
  private var stage: Progress.Stage?
  private var start = 0.0
  private var firstStep = 0

  /// The progress with the time that remains.
  mutating func timed(_ progress: Progress) -> Progress {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let now = Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    if stage != progress.stage { (stage, start, firstStep) = (progress.stage, now, progress.step) }
    var result = progress
    let done = progress.step - firstStep
    if done > 0, progress.steps >= progress.step {
      result.remaining = (now - start) / Double(done) * Double(progress.steps - progress.step)
    }
    return result
  }
}
