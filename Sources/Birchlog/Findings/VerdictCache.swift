/// Remembers the verdicts on recent units: logs repeat, and a unit seen again costs a look-up.
struct VerdictCache {
  /// Bytes of remembered verdicts at most; beyond, the cache starts anew.
  private static let byteLimit = 16 << 20
  /// Different units that are classified at once, and about how many events they may hold together:
  /// the more, the more they have in common.
  private static let batch = 4096
  private static let eventLimit = 1 << 20

  /// The units go on: what they lack may still come.
  let isEarly: Bool
  private var verdicts: [Unit: Verdict] = [:]
  private var bytes = 0
  private(set) var hits = 0
  private(set) var misses = 0

  init(isEarly: Bool = false) { self.isEarly = isEarly }

  /// The findings on located units, in order.
  ///
  /// - Parameter contexts: what a stream remembers of the model's contexts.
  mutating func findings(
    _ units: [LocatedUnit], model: Model, contexts: ContextMemory? = nil, threads: Int,
    sources: [Source]
  ) throws(BirchlogError) -> [Finding] {
    var findings: [Finding] = []
    findings.reserveCapacity(units.count)
    while findings.count < units.count {
      let start = findings.count
      let answers = try answers(
        units[start...], model: model, contexts: contexts, threads: threads)
      for (located, verdict) in zip(units[start...], answers) {
        findings.append(
          Finding(
            unit: located, verdict: verdict, model: model,
            input: sources.indices.contains(located.source) ? sources[located.source] : nil))
      }
    }
    return findings
  }

  /// The verdicts on the first of these units, one or more: as many as have no more than a batch of
  /// different ones that are unknown.
  private mutating func answers(
    _ units: ArraySlice<LocatedUnit>, model: Model, contexts: ContextMemory?, threads: Int
  ) throws(BirchlogError) -> [Verdict] {
    var known: [Verdict?] = []
    var fresh: [Unit] = []
    var places: [Unit: Int] = [:]
    // Which of `fresh` a unit without a known verdict is.
    var freshOf: [Int] = []
    var events = 0
    for located in units {
      guard fresh.count < Self.batch, events < Self.eventLimit else { break }
      let unit = located.unit
      known.append(verdicts[unit])
      if known[known.count - 1] != nil {
        hits += 1
      } else if let place = places[unit] {
        hits += 1
        freshOf.append(place)
      } else {
        misses += 1
        places[unit] = fresh.count
        freshOf.append(fresh.count)
        fresh.append(unit)
        events += unit.events.count
      }
    }
    guard !fresh.isEmpty else { return known.compactMap { $0 } }
    let computed = try model.classify(
      fresh, early: isEarly, contexts: contexts, threads: threads)
    for (unit, verdict) in zip(fresh, computed) { remember(unit, verdict) }
    var next = freshOf.makeIterator()
    return known.compactMap { verdict in verdict ?? next.next().map { computed[$0] } }
  }

  private mutating func remember(_ unit: Unit, _ verdict: Verdict) {
    let cost =
      256 + 4 * unit.events.count
      + 4
      * (verdict.surprises.count + verdict.counts.count + verdict.probabilities.count
        + verdict.attention.count)
    guard cost <= Self.byteLimit else { return }
    if bytes + cost > Self.byteLimit {
      verdicts.removeAll(keepingCapacity: true)
      bytes = 0
    }
    verdicts[unit] = verdict
    bytes += cost
  }
}
