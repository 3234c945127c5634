/// How a unit departs from what the model of normal expected.
public struct UnitScore: Sendable {
  /// −ln of the probability of each target (the unit's body, then its tail), in nats.
  public var surprises: [Float] = []
  /// Signed surprisal of each known event's number of occurrences, `[knownEvents + 1]`.
  public var counts: [Float] = []
  /// Place of each target among the events by probability, from 1.
  public var ranks: [Int32] = []
  /// Position of the largest surprise among the targets; nil without targets.
  public var decisive: Int?
  /// Hidden state that faced the decisive target, `[hidden]`; that after the last event where there
  /// is no target.
  public var decisiveState: [Float] = []
  /// Mean of the hidden states that faced the targets, `[hidden]`.
  public var meanState: [Float] = []
  /// Hidden state after the last event, the paper's h_T, `[hidden]`.
  public var lastState: [Float] = []

  /// The largest surprise; 0 without targets.
  public var largestSurprise: Double {
    guard let decisive else { return 0 }
    return Double(surprises[decisive])
  }

  /// The largest surprise and the largest surprisal of a count together: one event in the wrong
  /// place or number.
  public var peak: Double {
    largestSurprise + Double(counts.reduce(0) { max($0, abs($1)) })
  }

  /// The mean surprise: much that is a little odd.
  public var average: Double {
    surprises.isEmpty ? 0 : surprises.reduce(0.0) { $0 + Double($1) } / Double(surprises.count)
  }

  /// The worst rank; 0 without targets.
  public var worstRank: Int { Int(ranks.max() ?? 0) }
}
