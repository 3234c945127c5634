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

    /// Nothing was more probable in its place.
    var isLikeliest: Bool { rank == 1 }
  }

  /// An event that came too often or too rarely.
  public struct Count: Sendable {
    public var event: Int32
    public var occurrences: Int
    /// Largest number of occurrences in a normal unit.
    public var normalLargest: Int
    /// −ln of the probability of so many, or of so few, in nats.
    public var surprisal: Double
    /// Too few, rather than too many.
    public var isLack: Bool
  }

  /// A stretch of events that surprise together, more than in nearly all normal units.
  public struct Run: Sendable {
    /// Positions of its first and last event among the unit's events; their number for the tail.
    public var first: Int
    public var last: Int
    /// The mean surprise of an event, in nats.
    public var averageSurprise: Double
    /// The event that surprised most there, all its occurrences together, and their number; nil for the
    /// end of the session.
    public var event: Int32?
    public var occurrences: Int
    /// It decided, rather than one event, a count or the average.
    public var isDecisive: Bool
  }

  /// An event, or two that follow each other, which are typical of the unlabelled units of training
  /// rather than of the normal ones.
  public struct Contrast: Sendable {
    public var events: [Int32]
    public var occurrences: Int
    /// What it adds to the logarithm of the odds.
    public var weight: Double
  }

  /// The most surprising targets, largest surprise first; of equal ones what training never saw, then
  /// the earlier.
  public var evidence: [Evidence]
  /// The stretch of events that surprise most together; nil where it is no more than normal units show.
  public var run: Run?
  /// What made the unit anomalous where nothing in it is odd enough by itself; empty elsewhere.
  public var contrast: [Contrast]
  /// Events that came too often or too rarely, most surprising first.
  public var counts: [Count]
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
  static let expectedCount = 3
  /// A number of occurrences less likely than e⁻⁴ among normal units is named.
  private static let smallestCountSurprisal: Float = 4

  /// Explains the verdict on a unit.
  ///
  /// - Parameter alternatives: expected events that are named at each surprising place.
  func explain(
    _ unit: Unit, verdict: Verdict, alternatives: Int = Model.expectedCount
  ) throws(BirchlogError) -> Explanation {
    let sequence = TokenSequence(unit, vocabulary: normal.vocabulary, window: options.window)
    let worst = mostSurprising(unit, verdict: verdict)
    // What surprises less than half as much as the worst explains little beside it.
    let named = worst.prefix(Self.evidenceCount).enumerated().filter {
      $0.offset == 0 || verdict.surprises[$0.element] > 0.5 * verdict.surprises[worst[0]]
    }
    var evidence: [Explanation.Evidence] = []
    for (_, target) in named {
      evidence.append(
        try explain(
          target, of: unit, sequence: sequence, surprise: verdict.surprises[target],
          alternatives: alternatives))
    }
    let held = Set(unit.body)
    let columns = normal.vocabulary.knownEvents
    let missing = zip(columns, space.normalShare).filter {
      unitKind == .session && unit.tail != .open && $1 >= SignatureSpace.expectedShare
        && !held.contains($0)
    }
    return Explanation(
      evidence: evidence, run: run(in: unit, verdict: verdict),
      contrast: contrast(of: unit, verdict: verdict),
      counts: counts(of: unit, verdict: verdict),
      missing: missing.map { (event: $0.0, normalShare: $0.1) },
      unseen: held.filter { normal.vocabulary.column(of: $0) == nil }.sorted(),
      nearest: verdict.kind.flatMap { kinds[$0].samples.first })
  }

  /// The targets by what they tell. Whatever normal behaviour never showed is equally surprising, but
  /// what unlabelled input showed in training was there before.
  private func mostSurprising(_ unit: Unit, verdict: Verdict) -> [Int] {
    let isNew = verdict.surprises.indices.map { target in
      Self.event(of: target, in: unit).map { normal.vocabulary.column(of: $0) == nil } ?? false
    }
    return verdict.surprises.indices.sorted {
      let (left, right) = (verdict.surprises[$0], verdict.surprises[$1])
      if left != right { return left > right }
      return isNew[$0] != isNew[$1] ? isNew[$0] : $0 < $1
    }
  }

  /// The event that is a unit's target; nil for the end of the session.
  private static func event(of target: Int, in unit: Unit) -> Int32? {
    let position = unit.contextCount + target
    if unit.events.indices.contains(position) { return unit.events[position] }
    if case .event(let next) = unit.tail { return next }
    return nil
  }

  private func contrast(of unit: Unit, verdict: Verdict) -> [Explanation.Contrast] {
    guard options.detector == .surprise, threshold.doubt > 0, let contrast = normal.contrast,
      verdict.isAnomalous
    else { return [] }
    var others = UnitScore(surprises: verdict.surprises, counts: verdict.counts)
    normal.note(unit.tail, in: &others)
    guard threshold.score(of: others) <= threshold.score else { return [] }
    return contrast.reasons(for: unit, count: Self.evidenceCount).map {
      .init(events: $0.events, occurrences: $0.occurrences, weight: $0.weight)
    }
  }

  private func run(in unit: Unit, verdict: Verdict) -> Explanation.Run? {
    guard options.detector == .surprise, threshold.run > 0,
      let run = UnitScore(surprises: verdict.surprises).run(drift: threshold.drift),
      run.sum > threshold.run
    else { return nil }
    var parts: [Int32?: (surprise: Double, occurrences: Int)] = [:]
    for target in run.targets {
      let event = Self.event(of: target, in: unit)
      parts[event, default: (0, 0)].surprise += Double(verdict.surprises[target])
      parts[event, default: (0, 0)].occurrences += 1
    }
    let sum = verdict.surprises[run.targets].reduce(0.0) { $0 + Double($1) }
    let most = parts.max {
      ($0.value.surprise, $1.key ?? .max) < ($1.value.surprise, $0.key ?? .max)
    }
    return Explanation.Run(
      first: unit.contextCount + run.targets.lowerBound,
      last: unit.contextCount + run.targets.upperBound - 1,
      averageSurprise: sum / Double(run.targets.count), event: most?.key,
      occurrences: most?.value.occurrences ?? 0,
      isDecisive: threshold.combined(peak: 0, average: 0, run: run.sum) >= verdict.score)
  }

  private func counts(of unit: Unit, verdict: Verdict) -> [Explanation.Count] {
    let events = normal.vocabulary.knownEvents
    let named = zip(events.indices, verdict.counts).filter {
      abs($1) >= Self.smallestCountSurprisal
    }
    .sorted { abs($0.1) != abs($1.1) ? abs($0.1) > abs($1.1) : $0.0 < $1.0 }
    return named.prefix(Self.evidenceCount).map { column, surprisal in
      Explanation.Count(
        event: events[column], occurrences: unit.body.filter { $0 == events[column] }.count,
        normalLargest: normal.counts.largestCount(of: column), surprisal: Double(abs(surprisal)),
        isLack: surprisal < 0)
    }
  }

  private func explain(
    _ target: Int, of unit: Unit, sequence: TokenSequence, surprise: Float,
    alternatives: Int
  ) throws(BirchlogError) -> Explanation.Evidence {
    let vocabulary = normal.vocabulary
    let position = sequence.targets.lowerBound + target
    let probabilities = try normal.logProbabilities(
      after: Array(sequence.context(before: position)))
    let token = sequence.tokens[position]
    let order = probabilities.indices.filter {
      vocabulary.event(of: Int32($0)) != nil || Int32($0) == vocabulary.end
    }
    .sorted { probabilities[$0] > probabilities[$1] }
    return Explanation.Evidence(
      position: min(unit.contextCount + target, unit.events.count),
      event: Self.event(of: target, in: unit),
      surprise: surprise, probability: exp(-Double(surprise)),
      rank: (order.firstIndex(of: Int(token)) ?? order.count) + 1,
      isUnseen: token == vocabulary.unseen,
      expected: order.filter { $0 != Int(token) }.prefix(alternatives).map {
        (event: vocabulary.event(of: Int32($0)), probability: Double(exp(probabilities[$0])))
      })
  }
}
