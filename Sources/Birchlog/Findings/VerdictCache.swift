/// Remembers the verdicts on recent units: logs repeat, and a unit seen again costs a look-up.
struct VerdictCache {
  /// Bytes of remembered verdicts at most; beyond, the cache starts anew.
  private static let byteLimit = 16 << 20
  /// Units that are classified at once.
  private static let batch = 1024

  /// The units go on: what they lack may still come.
  let isEarly: Bool
  private var verdicts: [Unit: Verdict] = [:]
  private var bytes = 0
  private(set) var hits = 0
  private(set) var misses = 0

  init(isEarly: Bool = false) { self.isEarly = isEarly }

  /// The findings on located units, in order.
  mutating func findings(
    _ units: [LocatedUnit], model: Model, threads: Int, sources: [Source]
  ) throws(BirchlogError) -> [Finding] {
    var findings: [Finding] = []
    findings.reserveCapacity(units.count)
    var start = 0
    while start < units.count {
      let part = units[start..<min(start + Self.batch, units.count)]
      let known = try look(up: part.map(\.unit), model: model, threads: threads)
      for located in part {
        guard let verdict = known[located.unit] else { continue }
        findings.append(
          Finding(
            unit: located, verdict: verdict, model: model,
            input: sources.indices.contains(located.source) ? sources[located.source] : nil))
      }
      start += Self.batch
    }
    return findings
  }

  /// Verdicts on all of these units, from memory where it has them.
  private mutating func look(
    up units: [Unit], model: Model, threads: Int
  ) throws(BirchlogError) -> [Unit: Verdict] {
    var result: [Unit: Verdict] = [:]
    var unknown: [Unit] = []
    for unit in units where result[unit] == nil {
      if let verdict = verdicts[unit] {
        result[unit] = verdict
        hits += 1
      } else {
        unknown.append(unit)
        misses += 1
      }
    }
    var distinct: [Unit] = []
    var seen = Set<Unit>()
    for unit in unknown where seen.insert(unit).inserted { distinct.append(unit) }
    for (unit, verdict) in zip(distinct, try verdicts(distinct, model: model, threads: threads)) {
      result[unit] = verdict
      remember(unit, verdict)
    }
    return result
  }

  private func verdicts(
    _ units: [Unit], model: Model, threads: Int
  ) throws(BirchlogError) -> [Verdict] {
    try isEarly
      ? model.classifyEarly(units, threads: threads) : model.classify(units, threads: threads)
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
