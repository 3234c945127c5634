import Birch

/// What an import did.
public struct KindImportReport: Sendable {
  public struct Match: Sendable {
    public var from: String
    public var to: String
    public var distance: Double
    /// The part of the evidence that both share; nil where neither has any.
    public var evidence: Double?
    public var name: String?
    /// `name`, `note`, `merge`, `mark`: what was taken over.
    public var applied: [String]
  }

  public struct Miss: Sendable {
    public var id: String
    public var name: String?
    public var reason: String
  }

  public var matched: [Match] = []
  /// Exported kinds that no kind here is like, or of which something could not be taken over.
  public var unmatched: [Miss] = []
  /// Kinds here that no exported one is like.
  public var untouched: [String] = []

  public var json: JSONValue {
    .object([
      "matched": .array(
        matched.map {
          .object([
            "from": .string($0.from), "to": .string($0.to),
            "name": $0.name.map { .string($0) } ?? .null,
            "distance": .number(rounded($0.distance)),
            "evidence": $0.evidence.map { .number(rounded($0)) } ?? .null,
            "applied": .array($0.applied.map { .string($0) }),
          ])
        }),
      "unmatched": .array(
        unmatched.map {
          .object([
            "id": .string($0.id), "name": $0.name.map { .string($0) } ?? .null,
            "reason": .string($0.reason),
          ])
        }),
      "untouched": .array(untouched.map { .string($0) }),
    ])
  }
}

extension Model {
  /// A model with the decisions of another model of the same log, and what matched.
  ///
  /// Found kinds are paired by optimal assignment on mean signature and evidence: the other model's
  /// exemplars get their signatures here, through templates that both models have. Names overwrite names, notes are
  /// added, kinds that the other model merged are merged, marks are set. Each step stands in the
  /// journal and can be taken back. Ids stay those of this model.
  ///
  /// - Parameter text: what ``exportKinds()`` gave, as JSON.
  /// - Throws: `input` for anything else, `limit`.
  public func importingKinds(
    _ text: [UInt8]
  ) throws(BirchlogError) -> (model: Model, report: KindImportReport) {
    let json: JSONValue
    do {
      json = try JSONValue(parsing: text)
    } catch {
      throw .input("The export of kinds is no JSON: \(error.message)")
    }
    let other = try KindExchange(json)
    let events = TemplateMatching(other.templates, model: self)
    let pairs = try matches(of: other, events: events)
    var model = self
    var report = KindImportReport()
    var touched: [String] = []
    for (index, entry) in other.kinds.enumerated() {
      let own = pairs.filter { other.parts[$0.part].kind == index }
      guard let nearest = own.min(by: { $0.distance < $1.distance }) else {
        report.unmatched.append(
          .init(
            id: entry.id, name: entry.name,
            reason: other.parts.contains { $0.kind == index && events.knows($0) }
              ? "no kind here is like it, or only one that another matches better"
              : "this model knows none of its events: the kinds are of another log"))
        continue
      }
      var match = KindImportReport.Match(
        from: entry.id, to: "", distance: nearest.distance, evidence: nearest.evidence,
        name: entry.name, applied: [])
      model = try model.applying(
        entry, to: own.map { found[$0.found].id }, match: &match, misses: &report.unmatched)
      touched.append(match.to)
      report.matched.append(match)
    }
    let reached = Set(pairs.map { model.kinds[model.shownKind[$0.found]].id })
    report.untouched = model.kinds.map(\.id).filter { !reached.contains($0) }
    if report.matched.contains(where: { !$0.applied.isEmpty }) {
      model = try model.editing { decisions throws(BirchlogError) in
        decisions.log(KindEdit(.imported, "", kinds: touched))
      }
    }
    return (model, report)
  }

  /// Takes over what was said about one kind.
  ///
  /// - Parameter found: ids of the found kinds that its parts are like.
  private func applying(
    _ entry: KindExchange.Entry, to found: [String], match: inout KindImportReport.Match,
    misses: inout [KindImportReport.Miss]
  ) throws(BirchlogError) -> Model {
    var model = self
    func miss(_ error: BirchlogError) {
      misses.append(.init(id: entry.id, name: entry.name, reason: error.message))
    }
    var shown: [String] = []
    for id in found {
      let own = decisions.shownID(of: id)
      if !shown.contains(own) { shown.append(own) }
    }
    match.to = shown[0]
    if shown.count > 1 {
      do throws(BirchlogError) {
        model = try model.merging(shown)
        match.applied.append("merge")
      } catch {
        miss(error)
      }
    }
    let target = try model.kind(match.to)
    do throws(BirchlogError) {
      if let name = entry.name, name != target.name {
        model = try model.naming(kind: target.id, name)
        match.applied.append("name")
      }
      let notes = entry.notes.filter { !target.notes.contains($0) }
      for note in notes { model = try model.noting(kind: target.id, note) }
      if !notes.isEmpty { match.applied.append("note") }
      if entry.isMarked, !target.isMarked {
        model = try model.marking(kind: target.id, true)
        match.applied.append("mark")
      }
    } catch {
      miss(error)
    }
    return model
  }
}

// MARK: Matching

extension Model {
  private struct Pair {
    var part: Int
    var found: Int
    var distance: Double
    var evidence: Double?
  }

  /// Pairs of an exported found kind and one of this model's, by optimal assignment.
  private func matches(
    of other: KindExchange, events: TemplateMatching
  ) throws(BirchlogError) -> [Pair] {
    let distances = try distances(of: other, events: events)
    var cost = [[Double]](
      repeating: [Double](repeating: .infinity, count: found.count), count: other.parts.count)
    var evidence = [[Double?]](
      repeating: [Double?](repeating: nil, count: found.count), count: other.parts.count)
    for (row, part) in other.parts.enumerated() where events.knows(part) {
      let signs = Set(
        part.evidence.map { Sign(event: events.event(of: $0.event), isMissing: $0.isMissing) })
      for (column, kind) in found.enumerated()
      where kind.isNormal == other.kinds[part.kind].isNormal {
        let own = Set(kind.evidence.map { Sign(event: $0.event, isMissing: $0.isMissing) })
        let all = own.union(signs).count
        let shared = all == 0 ? 1 : Double(own.intersection(signs).count) / Double(all)
        let distance = distances[row][column]
        if all > 0 { evidence[row][column] = shared }
        // Inside of the kind, or near it with the same evidence.
        guard distance <= kind.limit || shared >= 0.5 && distance <= 2 * kind.limit else {
          continue
        }
        cost[row][column] = distance / max(2 * kind.limit, 1e-9) - shared
      }
    }
    return optimalAssignment(cost: cost).enumerated().compactMap { row, column in
      column.map {
        Pair(part: row, found: $0, distance: distances[row][$0], evidence: evidence[row][$0])
      }
    }
  }

  private struct Sign: Hashable {
    var event: Int32
    var isMissing: Bool
  }

  /// Distances of each exported found kind from this model's, `[parts][found]`: of its mean where
  /// both models measure alike, else the mean one of its exemplars.
  private func distances(
    of other: KindExchange, events: TemplateMatching
  ) throws(BirchlogError) -> [[Double]] {
    let isSame = other.space == spaceFingerprint
    let units = other.parts.map { part in part.exemplars.map { events.translate($0) } }
    let scores = try normal.score(units.flatMap { $0 }, threads: 1)
    var next = 0
    return zip(other.parts, units).map { part, units in
      var signatures = units.indices.map { index in
        space.signature(of: units[index], score: scores[next + index])
      }
      next += units.count
      if isSame, part.centroid.count == space.dimension { signatures = [part.centroid] }
      return found.map { kind in
        signatures.isEmpty
          ? .infinity
          : signatures.reduce(0) { $0 + distance($1, kind.centroid) } / Double(signatures.count)
      }
    }
  }
}
