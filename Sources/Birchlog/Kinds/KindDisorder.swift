/// An event that comes out of its order in most units of a kind: after one that it normally comes before,
/// or the other way round.
struct KindDisorder: Equatable {
  /// The event that surprised.
  var event: Int32
  /// The other one.
  var other: Int32
  /// The event comes late, after the other; else early, before it.
  var isLate: Bool

  /// Normal units in which the two come in that order, at most, and units of the kind, at least.
  private static let (normalShare, share) = (0.05, 0.6)
  /// Neighbours of a surprising event that are looked at on each side.
  private static let reach = 8

  /// - Parameter isNoChance: whether so many units say more than chance, where this share of normal ones has the
  ///   same order.
  init?(
    of kind: Kind, units: [(body: ArraySlice<Int32>, count: Int)], normal: NormalUnits,
    isNoChance: (Int, Double) -> Bool
  ) {
    let total = units.reduce(0) { $0 + $1.count }
    var best: (held: Int, disorder: KindDisorder)?
    for candidate in Self.candidates(kind.samples) where candidate != best?.disorder {
      let (later, earlier) = candidate.order
      let held = units.reduce(0) {
        $0 + (Self.comes(later, after: earlier, in: $1.body) ? $1.count : 0)
      }
      guard held > best?.held ?? 0, Double(held) >= Self.share * Double(total) else { continue }
      let usual = normal.share(of: later, after: earlier)
      if usual <= Self.normalShare, isNoChance(held, usual) { best = (held, candidate) }
    }
    guard let best else { return nil }
    self = best.disorder
  }

  private init(event: Int32, other: Int32, isLate: Bool) {
    (self.event, self.other, self.isLate) = (event, other, isLate)
  }

  /// The event that comes after the other.
  private var order: (later: Int32, earlier: Int32) {
    isLate ? (event, other) : (other, event)
  }

  /// What the most surprising events of some units may be out of order with, the nearest first.
  private static func candidates(_ samples: [Kind.Sample]) -> [KindDisorder] {
    var found: [KindDisorder] = []
    for sample in samples {
      guard let place = sample.decisive else { continue }
      let event = sample.events[place]
      let before = sample.events[..<place].reversed().prefix(reach)
      let after = sample.events[(place + 1)...].prefix(reach)
      let own =
        before.map { KindDisorder(event: event, other: $0, isLate: true) }
        + after.map { KindDisorder(event: event, other: $0, isLate: false) }
      for item in own where item.other != event && !found.contains(item) { found.append(item) }
    }
    return found
  }

  /// Whether one event comes anywhere after another.
  static func comes(_ later: Int32, after earlier: Int32, in events: ArraySlice<Int32>) -> Bool {
    guard let first = events.firstIndex(of: earlier) else { return false }
    return events[(first + 1)...].contains(later)
  }
}
