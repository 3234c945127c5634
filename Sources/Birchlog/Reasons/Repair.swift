/// The few changes that would have made a unit less anomalous: what was too much in it, and what it
/// lacks.
struct Repair: Sendable {
  /// One change.
  struct Edit: Sendable, Equatable {
    enum Action: String, Sendable {
      case remove, insert
    }

    var action: Action
    /// Of several that are taken out at once the most telling one.
    var event: Int32
    /// Where that event stands; the place before which one is put in.
    var place: Int
    /// Positions among the unit's events that are taken out, or the one before which the event is
    /// put in; their number for the end.
    var positions: [Int]
    /// The score after this change and those before it.
    var score: Double
  }

  var edits: [Edit]
  /// The score after all of them.
  var score: Double
  var isAnomalous: Bool
}

/// Searches for a repair step by step: of all changes at the most surprising places the one after
/// which the unit scores least.
struct RepairSearch {
  private let model: Model
  private let predictsNext: Bool

  private static let editLimit = 8
  /// Surprising places that are tried in each step, and expected events at each.
  private static let places = 6
  private static let alternatives = 2
  /// Events in a row that are taken out at once.
  private static let spanLimit = 4
  /// A change must take this many nats (or ranks) away.
  private static let smallestGain = 0.01
  /// Longer units cost too much to score again and again.
  private static let eventLimit = 2_048

  init(model: Model) {
    self.model = model
    predictsNext = UnitMaker(options: model.options, kind: model.unitKind).predictsNext
  }

  /// A unit on its way to a repair.
  private struct State {
    var unit: Unit
    /// Position of each event in the unit as it was; nil for one put in.
    var origins: [Int?]
    var score: Double
    var details: UnitScore
  }

  private struct Candidate {
    var edit: Repair.Edit
    var unit: Unit
    var origins: [Int?]
  }

  /// The repair of a unit; nil for one that is too long, or that no change helps.
  func repair(_ unit: Unit, score: UnitScore) throws(BirchlogError) -> Repair? {
    guard unit.events.count <= Self.eventLimit, !predictsNext else { return nil }
    let detection = model.detection
    var state = State(
      unit: unit, origins: unit.events.indices.map { $0 }, score: detection.score(of: score),
      details: score)
    var edits: [Repair.Edit] = []
    while edits.count < Self.editLimit, state.score > detection.limit {
      let candidates = try candidates(state)
      let scores = try model.normal.score(candidates.map(\.unit), threads: 1)
      let values = scores.map { detection.score(of: $0) }
      guard let best = values.indices.min(by: { values[$0] < values[$1] }),
        values[best] < state.score - Self.smallestGain
      else { break }
      var edit = candidates[best].edit
      edit.score = values[best]
      edits.append(edit)
      state = State(
        unit: candidates[best].unit, origins: candidates[best].origins, score: values[best],
        details: scores[best])
    }
    guard !edits.isEmpty else { return nil }
    return Repair(
      edits: edits, score: state.score, isAnomalous: state.score > detection.limit)
  }

  private func candidates(_ state: State) throws(BirchlogError) -> [Candidate] {
    let unit = state.unit
    let vocabulary = model.normal.vocabulary
    let columns = vocabulary.knownEvents
    var removals = Set<[Int]>()
    var insertions = Set<[Int32]>()
    let lacking = columns.indices.filter {
      state.details.counts.indices.contains($0) && state.details.counts[$0] < -1
    }
    .sorted { state.details.counts[$0] < state.details.counts[$1] }
    .prefix(Self.alternatives).map { columns[$0] }
    let surprises = state.details.surprises
    let order = surprises.indices.sorted {
      surprises[$0] != surprises[$1] ? surprises[$0] > surprises[$1] : $0 < $1
    }
    let sequence = TokenSequence(unit, vocabulary: vocabulary, window: model.options.window)
    for target in order.prefix(Self.places) {
      let position = unit.contextCount + target
      for length in 1...Self.spanLimit {
        // What came between the place and the next expected event, or before it.
        if position + length <= unit.events.count {
          removals.insert(Array(position..<(position + length)))
        }
        if position - length >= unit.contextCount {
          removals.insert(Array((position - length)..<position))
        }
      }
      let expected = try expected(sequence, target: sequence.targets.lowerBound + target)
      for event in expected + lacking { insertions.insert([Int32(position), event]) }
    }
    for event in lacking { insertions.insert([Int32(unit.events.count), event]) }
    var rare: [Int] = []
    for (column, count) in state.details.counts.enumerated() where count > 1 {
      let held = unit.events.indices.filter {
        $0 >= unit.contextCount
          && (vocabulary.column(of: unit.events[$0]) ?? columns.count) == column
      }
      let usual = column < columns.count ? model.normal.counts.largestCount(of: column) : 0
      if held.count > usual { removals.insert(Array(held[usual...])) }
      removals.insert(held)
      rare += held
    }
    removals.insert(rare.sorted())
    removals = removals.filter { !$0.isEmpty && $0.count < unit.body.count }
    return removals.sorted { $0.lexicographicallyPrecedes($1) }.map { removing($0, from: state) }
      + insertions.sorted { $0.lexicographicallyPrecedes($1) }.map {
        inserting($0[1], at: Int($0[0]), into: state)
      }
  }

  /// The most probable events at a place of the unit.
  private func expected(_ sequence: TokenSequence, target: Int) throws(BirchlogError) -> [Int32] {
    let vocabulary = model.normal.vocabulary
    let probabilities = try model.normal.logProbabilities(
      after: Array(sequence.context(before: target)))
    let order = probabilities.indices.sorted {
      probabilities[$0] != probabilities[$1] ? probabilities[$0] > probabilities[$1] : $0 < $1
    }
    return Array(
      order.lazy.compactMap { vocabulary.event(of: Int32(truncatingIfNeeded: $0)) }
        .prefix(Self.alternatives))
  }

  private func removing(_ positions: [Int], from state: State) -> Candidate {
    let gone = Set(positions)
    let kept = state.unit.events.indices.filter { !gone.contains($0) }
    let told = telling(positions, of: state)
    var unit = state.unit
    unit.events = kept.map { state.unit.events[$0] }
    return Candidate(
      edit: .init(
        action: .remove, event: state.unit.events[told], place: origin(of: told, state),
        positions: positions.map { origin(of: $0, state) }, score: 0),
      unit: unit, origins: kept.map { state.origins[$0] })
  }

  /// The most surprising of some events; of equal ones what training never saw, then the first.
  private func telling(_ positions: [Int], of state: State) -> Int {
    let vocabulary = model.normal.vocabulary
    let surprises = state.details.surprises
    func weight(_ position: Int) -> (Float, Int, Int) {
      let target = position - state.unit.contextCount
      return (
        surprises.indices.contains(target) ? surprises[target] : 0,
        vocabulary.column(of: state.unit.events[position]) == nil ? 1 : 0, -position
      )
    }
    return positions.max { weight($0) < weight($1) } ?? positions[0]
  }

  private func inserting(_ event: Int32, at position: Int, into state: State) -> Candidate {
    var unit = state.unit
    var origins = state.origins
    let place = origin(of: position, state)
    unit.events.insert(event, at: position)
    origins.insert(nil, at: position)
    return Candidate(
      edit: .init(action: .insert, event: event, place: place, positions: [place], score: 0),
      unit: unit,
      origins: origins)
  }

  /// Where a position lay in the unit as it was; that of the next event of then for one put in.
  private func origin(of position: Int, _ state: State) -> Int {
    guard position < state.origins.count else {
      return state.origins.compactMap { $0 }.last.map { $0 + 1 } ?? position
    }
    return state.origins[position...].lazy.compactMap { $0 }.first
      ?? (state.origins.compactMap { $0 }.last.map { $0 + 1 } ?? 0)
  }
}
