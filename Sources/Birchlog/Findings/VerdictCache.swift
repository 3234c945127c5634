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
      let (verdicts, places) = try answers(
        units[start...], model: model, contexts: contexts, threads: threads)
      for (index, place) in places.enumerated() {
        let source = units[start + index].source
        findings.append(
          Finding(
            unit: units[start + index], verdict: verdicts[place], model: model,
            input: sources.indices.contains(source) ? sources[source] : nil))
      }
    }
    return findings
  }

  /// Different verdicts, and which is that on each of the first of these units, one or more: as many as
  /// have no more than a batch of different ones that are unknown.
  private mutating func answers(
    _ units: ArraySlice<LocatedUnit>, model: Model, contexts: ContextMemory?, threads: Int
  ) throws(BirchlogError) -> (verdicts: [Verdict], places: [Int]) {
    var fresh: [Unit] = []
    var freshPlaces: [Unit: Int] = [:]
    var known: [Verdict] = []
    // Negative for a known one, from −1 down: only the number of fresh ones says where they stand.
    var places: [Int] = []
    places.reserveCapacity(min(units.count, 2 * Self.batch))
    var events = 0
    for index in units.indices {
      guard fresh.count < Self.batch, events < Self.eventLimit else { break }
      let unit = units[index].unit
      if let verdict = verdicts[unit] {
        hits += 1
        known.append(verdict)
        places.append(-known.count)
      } else if let place = freshPlaces[unit] {
        hits += 1
        places.append(place)
      } else {
        misses += 1
        freshPlaces[unit] = fresh.count
        places.append(fresh.count)
        fresh.append(unit)
        events += unit.events.count
      }
    }
    guard !fresh.isEmpty else { return (known, places.map { -1 - $0 }) }
    let computed = try model.classify(
      fresh, early: isEarly, contexts: contexts, threads: threads)
    for index in fresh.indices { remember(fresh[index], computed[index]) }
    return (computed + known, places.map { $0 < 0 ? computed.count - 1 - $0 : $0 })
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
