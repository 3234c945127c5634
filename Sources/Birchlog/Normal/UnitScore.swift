/// How a unit departs from what the model of normal expected.
public struct UnitScore: Sendable {
  /// −ln of the probability of each target (the unit's body, then its tail), in nats.
  public var surprises: [Float] = []
  /// Signed surprisal of each known event's number of occurrences, `[knownEvents + 1]`.
  public var counts: [Float] = []
  /// How much the unit is like the unlabelled units of training rather than the normal ones, the
  /// logarithm of the odds; 0 where that was not learned.
  public var contrast = 0.0
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

  /// The unit's session goes on.
  public var goesOn = false
  /// The unit's session was not seen to end, though it may be over, and normal ends were learned.
  public var lacksEnd = false

  /// The score without hidden states, which take most of its room.
  var signsOnly: UnitScore {
    var score = self
    (score.decisiveState, score.meanState, score.lastState) = ([], [], [])
    return score
  }

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

  /// The mean surprise.
  public var average: Double {
    surprises.isEmpty ? 0 : surprises.reduce(0.0) { $0 + Double($1) } / Double(surprises.count)
  }

  /// The mean surprise as a sign: much that is a little odd. 0 in a session that goes on, of which what
  /// is sure to come, and surprises nobody, is yet to come. An end that was not seen counts as one that
  /// surprises nobody: without it the mean would be larger than that of the same session with a normal end.
  var oddness: Double {
    if goesOn { return 0 }
    guard lacksEnd else { return average }
    return average * Double(surprises.count) / Double(surprises.count + 1)
  }

  /// The stretch of targets that together surprise most: the largest sum of surprises beyond `drift`
  /// each over any run of targets, in nats (the cumulative sum of Page 1954); nil where none is beyond.
  ///
  /// It finds a burst of any length in a unit of any length, where the largest surprise is as large in
  /// every long unit and the average drowns.
  func run(drift: Double) -> (sum: Double, targets: Range<Int>)? {
    guard drift > 0 else { return nil }
    var best: (sum: Double, targets: Range<Int>)?
    var sum = 0.0
    var start = 0
    for (index, surprise) in surprises.enumerated() {
      sum += Double(surprise) - drift
      if sum <= 0 {
        sum = 0
        start = index + 1
      } else if sum > best?.sum ?? 0 {
        best = (sum, start..<(index + 1))
      }
    }
    return best
  }

  /// The worst rank; 0 without targets.
  public var worstRank: Int { Int(ranks.max() ?? 0) }
}
