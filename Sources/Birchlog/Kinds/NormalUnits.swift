/// The normal units that a model remembers, to hold kinds against.
struct NormalUnits: Sendable {
  struct Member: Sendable {
    var events: ArraySlice<Int32>
    var held: Set<Int32>
    var weight: Double
  }

  /// Shares of a kind's units, and of normal ones, that hold an event.
  struct Shares {
    var event: Int32
    var own: Double
    var normal: Double
  }

  let members: [Member]

  /// Units at least among which a kind's own are looked at, and their share of all.
  private static let fewest = (units: 30.0, share: 0.01)
  /// Shares of units that hold an event: nearly all, and hardly any.
  private static let (nearlyAll, hardlyAny) = (0.95, 0.05)

  init(_ units: [(body: ArraySlice<Int32>, weight: Double)]) {
    members = units.map { Member(events: $0.body, held: Set($0.body), weight: $0.weight) }
  }

  /// Those that hold what all units of a kind hold: a fault that only orders can have is set apart by
  /// what it does to an order, and not by being one.
  func comparable(to shares: [Shares]) -> NormalUnits {
    var kept = members
    let enough = max(Self.fewest.units, Self.fewest.share * Self.weight(members))
    let context = shares.filter {
      $0.own >= Self.nearlyAll && $0.normal >= Self.hardlyAny && $0.normal < Self.nearlyAll
    }
    for item in context.sorted(by: { ($0.normal, $1.event) > ($1.normal, $0.event) }) {
      let rest = kept.filter { $0.held.contains(item.event) }
      if Self.weight(rest) >= enough { kept = rest }
    }
    return NormalUnits(members: kept)
  }

  /// Share of the units that hold an event, by half a unit more than was seen.
  func share(of event: Int32) -> Double {
    let holding = members.reduce(0) { $0 + ($1.held.contains(event) ? $1.weight : 0) }
    return (holding + 0.5) / (Self.weight(members) + 1)
  }

  /// Share of the units with both events in which one comes after the other, by half a unit more than was
  /// seen.
  func share(of later: Int32, after earlier: Int32) -> Double {
    let both = members.filter { $0.held.contains(later) && $0.held.contains(earlier) }
    let inOrder = both.filter { KindDisorder.comes(later, after: earlier, in: $0.events) }
    return (Self.weight(inOrder) + 0.5) / (Self.weight(both) + 1)
  }

  private init(members: [Member]) { self.members = members }

  private static func weight(_ members: [Member]) -> Double {
    members.reduce(0) { $0 + $1.weight }
  }
}

extension Model {
  var normalUnits: NormalUnits {
    reasonMemory.normalUnits {
      let remembered = memory.examples.map { (body: $0.unit.body, weight: $0.count) }
      guard remembered.isEmpty else { return NormalUnits(remembered) }
      return NormalUnits(
        examples.filter { kinds[$0.kind].isNormal }.map {
          (body: $0.unit.body, weight: Double($0.count))
        })
    }
  }
}
