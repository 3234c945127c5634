import Glibc

/// Why a unit is anomalous.
public struct Explanation: Sendable {
  /// An event that came where it was not expected.
  public struct Evidence: Sendable {
    /// Position among the unit's events; their number for the tail.
    public var position: Int
    /// nil for the end of the session.
    public var event: Int32?
    public var surprise: Float
    public var probability: Double
    public var rank: Int
    public var isUnseen: Bool
    /// What was expected instead, most probable first; a nil event is the end of the session.
    public var expected: [(event: Int32?, probability: Double)]
  }

  /// The most surprising targets, largest surprise first.
  public var evidence: [Evidence]
  /// Events that nearly all normal units hold and this one does not.
  public var missing: [(event: Int32, normalShare: Double)]
  /// Events of the unit that training never saw, ascending.
  public var unseen: [Int32]
  /// The kind's sample nearest to its mean.
  public var nearest: Kind.Sample?
}

extension Model {
  /// How many surprising targets, and how many expected alternatives of each, an explanation names.
  private static let evidenceCount = 3
  private static let expectedCount = 3

  /// Explains the verdict on a unit.
  func explain(_ unit: Unit, verdict: Verdict) throws(BirchlogError) -> Explanation {
    let sequence = TokenSequence(unit, vocabulary: normal.vocabulary, window: options.window)
    let worst = verdict.surprises.indices.sorted {
      verdict.surprises[$0] != verdict.surprises[$1]
        ? verdict.surprises[$0] > verdict.surprises[$1] : $0 < $1
    }
    // Below the threshold an event is no evidence; the largest surprise always is.
    let named = worst.prefix(Self.evidenceCount).enumerated().filter {
      $0.offset == 0 || Double(verdict.surprises[$0.element]) > threshold.score
    }
    var evidence: [Explanation.Evidence] = []
    for (_, target) in named {
      evidence.append(try explain(target, of: unit, sequence: sequence, surprise: verdict.surprises[target]))
    }
    let held = Set(unit.body)
    let columns = normal.vocabulary.knownEvents
    let missing = zip(columns, space.normalShare).filter {
      unitKind == .session && $1 >= SignatureSpace.expectedShare && !held.contains($0)
    }
    return Explanation(
      evidence: evidence, missing: missing.map { (event: $0.0, normalShare: $0.1) },
      unseen: held.filter { normal.vocabulary.column(of: $0) == nil }.sorted(),
      nearest: verdict.kind.flatMap { kinds[$0].samples.first })
  }

  private func explain(
    _ target: Int, of unit: Unit, sequence: TokenSequence, surprise: Float
  ) throws(BirchlogError) -> Explanation.Evidence {
    let vocabulary = normal.vocabulary
    let position = sequence.targets.lowerBound + target
    let probabilities = try normal.logProbabilities(after: Array(sequence.context(before: position)))
    let token = sequence.tokens[position]
    let order = probabilities.indices.filter { vocabulary.event(of: Int32($0)) != nil || Int32($0) == vocabulary.end }
      .sorted { probabilities[$0] > probabilities[$1] }
    let isTail = position >= sequence.end
    let event: Int32? =
      switch (isTail, unit.tail) {
      case (false, _): unit.events[min(unit.contextCount + target, unit.events.count - 1)]
      case (true, .event(let next)): next
      case (true, _): nil
      }
    return Explanation.Evidence(
      position: isTail ? unit.events.count : unit.contextCount + target, event: event,
      surprise: surprise, probability: exp(-Double(surprise)),
      rank: (order.firstIndex(of: Int(token)) ?? order.count) + 1, isUnseen: token == vocabulary.unseen,
      expected: order.filter { $0 != Int(token) }.prefix(Self.expectedCount).map {
        (event: vocabulary.event(of: Int32($0)), probability: Double(exp(probabilities[$0])))
      })
  }
}
