/// All that speaks for a verdict: ``Explanation`` and what takes too long to come with every finding.
struct Reasons: Sendable {
  var explanation: Explanation
  /// Positions of the events that decided, ascending: the surprising ones, those training never
  /// saw, and those that come too often.
  var decisive: [Int]
  /// The score without the decisive events; nil where they are none or all.
  var scoreWithout: Double?
  var neighbours: [Neighbour]
  var attended: [Attended]
  var exemplar: Exemplar?
  var repair: Repair?
  var raw: RawLines?
  var signature: [Float]?
}

extension Finding {
  /// The reasons for the verdict, as far as the options ask for them.
  func reasons(_ options: ReasonOptions) throws(BirchlogError) -> Reasons {
    let unit = unit.unit
    let explanation = try model.explain(
      unit, verdict: verdict, alternatives: options.alternatives)
    let decisive = decisive(explanation)
    let score: UnitScore? = try model.normal.score([unit], threads: 1).first
    let signature = score.map { model.space.signature(of: unit, score: $0) } ?? []
    let near = model.neighbours(of: unit, signature: signature, verdict: verdict)
    var reasons = Reasons(
      explanation: explanation, decisive: decisive, neighbours: [], attended: [])
    let parts = options.parts
    if parts.contains(.neighbours) { reasons.neighbours = near }
    if parts.contains(.attended) {
      reasons.attended = model.attended(unit, verdict: verdict)
    }
    if parts.contains(.exemplar) {
      reasons.exemplar = try model.exemplar(
        signature, of: verdict.kind, near: near.map(\.kind))
    }
    if parts.contains(.repair), verdict.isAnomalous, self.unit.isFinal, let score {
      reasons.repair = try RepairSearch(model: model).repair(unit, score: score)
      reasons.scoreWithout = try scoreWithout(decisive)
    }
    if parts.contains(.raw) {
      reasons.raw = RawLines(self, decisive: Set(decisive), limit: options.lines)
    }
    if parts.contains(.signature) { reasons.signature = signature }
    return reasons
  }

  private func decisive(_ explanation: Explanation) -> [Int] {
    guard verdict.isAnomalous else { return [] }
    let events = unit.unit.events
    let body = unit.unit.body
    var positions = Set(explanation.evidence.map(\.position))
    let unseen = Set(explanation.unseen)
    positions.formUnion(body.indices.filter { unseen.contains(body[$0]) })
    for count in explanation.counts where !count.isLack {
      let held = body.indices.filter { body[$0] == count.event }
      // Where so many come now and then, it is their being there at all that is rare.
      let usual = count.occurrences > count.normalLargest ? count.normalLargest : 0
      positions.formUnion(held.dropFirst(usual))
    }
    return positions.filter { events.indices.contains($0) }.sorted()
  }

  /// The score of the unit without some of its events.
  func scoreWithout(_ positions: [Int]) throws(BirchlogError) -> Double? {
    var unit = unit.unit
    guard !positions.isEmpty, positions.count < unit.body.count else { return nil }
    let gone = Set(positions)
    unit.events = unit.events.indices.filter { !gone.contains($0) }.map { unit.events[$0] }
    return try model.normal.score([unit], threads: 1).first.map { model.detection.score(of: $0) }
  }
}
