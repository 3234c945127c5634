/// What the model says about one unit.
public struct Verdict: Sendable {
  public var score: Double
  public var isAnomalous: Bool
  /// ΔF = ‖F − F̄_normal‖₂.
  public var perturbation: Double
  /// Index of the kind; nil when it is none of them.
  public var kind: Int?
  /// Probability that the classifier gives the kind, or the most likely one when it is unknown; times
  /// limit over distance where the signature lies outside of that kind.
  public var confidence: Double
  /// Probability of each kind, `[kinds]`; empty without a classifier.
  public var probabilities: [Float]
  /// Attention of the last position to each position of the classifier's window, `[heads, window]`.
  public var attention: [Float]
  /// Distance of the signature from the kind's mean.
  public var distance: Double
  /// Surprises of the unit's targets.
  public var surprises: [Float]
  /// Signed surprisal of each known event's number of occurrences, `[knownEvents + 1]`.
  public var counts: [Float]
  /// Position of the largest surprise among the targets.
  public var decisive: Int?
  /// It scores like an anomaly, but an operator marked its kind as normal.
  public var isMarked = false
  /// It is of no known kind, but the likeliest or nearest one is marked.
  var isNearMarked = false
}
