import Threading

/// What explanations need of a model beyond the model file, computed when the first one asks.
final class ReasonMemory: Sendable {
  /// Remembered units of one kind with their signatures.
  struct Exemplars: Sendable {
    var examples: [KindExample]
    var signatures: [[Float]]
  }

  private struct State {
    var shares: KindShares?
    var exemplars: [Int: Exemplars] = [:]
    var excerpts: TemplateExcerpts?
    var normalUnits: NormalUnits?
  }

  private let state = Guarded(State())

  func shares(_ make: () -> KindShares) -> KindShares {
    if let known = state.withLock({ $0.shares }) { return known }
    let made = make()
    state.withLock { $0.shares = made }
    return made
  }

  func excerpts(_ make: () -> TemplateExcerpts) -> TemplateExcerpts {
    if let known = state.withLock({ $0.excerpts }) { return known }
    let made = make()
    state.withLock { $0.excerpts = made }
    return made
  }

  func normalUnits(_ make: () -> NormalUnits) -> NormalUnits {
    if let known = state.withLock({ $0.normalUnits }) { return known }
    let made = make()
    state.withLock { $0.normalUnits = made }
    return made
  }

  func exemplars(
    of kind: Int, _ make: () throws(BirchlogError) -> Exemplars
  ) throws(BirchlogError) -> Exemplars {
    if let known = state.withLock({ $0.exemplars[kind] }) { return known }
    let made = try make()
    state.withLock { $0.exemplars[kind] = made }
    return made
  }
}

extension Model {
  /// Units of a kind that are compared with one that is explained, the most frequent first.
  private static let exemplarCount = 256
  /// Events of a unit that is worth comparing.
  private static let exemplarEvents = 4096

  /// How many units of each kind hold each event.
  var kindShares: KindShares {
    reasonMemory.shares {
      KindShares(examples, kinds: kinds.count, vocabulary: normal.vocabulary)
    }
  }

  /// Remembered units of a kind.
  func exemplars(of kind: Int) throws(BirchlogError) -> ReasonMemory.Exemplars {
    try reasonMemory.exemplars(of: kind) { () throws(BirchlogError) in
      let own = examples.filter { $0.kind == kind && $0.unit.events.count <= Self.exemplarEvents }
      let order = own.indices.sorted {
        own[$0].count != own[$1].count ? own[$0].count > own[$1].count : $0 < $1
      }
      let chosen = order.prefix(Self.exemplarCount).map { own[$0] }
      let scores = try normal.score(chosen.map(\.unit), threads: 1)
      return .init(
        examples: chosen,
        signatures: zip(chosen, scores).map { space.signature(of: $0.unit, score: $1) })
    }
  }
}
