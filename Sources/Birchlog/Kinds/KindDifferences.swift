import Glibc

/// What sets a kind apart, beyond what chance does.
///
/// Of three units two may well have what a third of the normal ones have. An event is told when so many of
/// the kind's units would hold it, or lack it, by chance in fewer than one of twenty logs.
struct KindDifferences {
  /// The kind's evidence that chance does not explain, most telling first.
  let evidence: [Kind.Evidence]
  /// The event that comes out of its order in most of the kind's units, nil where there is none.
  let disorder: KindDisorder?

  /// How often chance alone may bring a difference, over all events together.
  private static let level = 0.05
  /// Shares of normal units that hold an event which chance may bring or leave out.
  private static let free = 0.05...0.95
  /// Shares must differ by this much.
  private static let smallestContrast = 0.3
  /// A part of a sum that changes nothing in double precision.
  private static let negligible = 1e-17

  /// - Parameters:
  ///   - units: units of the kind, and how often each came.
  ///   - normal: what the model remembers of normal units. Where that is nothing, shares of all that there were
  ///     have to do.
  ///   - normalShares: shares of normal units that hold each known event.
  init(
    of kind: Kind, units: [(body: ArraySlice<Int32>, count: Int)], normal: NormalUnits,
    normalShares: [(event: Int32, share: Double)]
  ) {
    let total = units.reduce(0) { $0 + $1.count }
    let sets = units.map { (held: Set($0.body), count: $0.count) }
    func count(_ event: Int32) -> Int {
      sets.reduce(0) { $0 + ($1.held.contains(event) ? $1.count : 0) }
    }
    // What normal units always or never hold is no matter of chance.
    let free = normalShares.count { Self.free.contains($0.share) }
    let level = Self.level / Double(max(free, 1))
    let shares = normalShares.map {
      NormalUnits.Shares(
        event: $0.event, own: Double(count($0.event)) / Double(max(total, 1)), normal: $0.share)
    }
    evidence = kind.evidence.filter { item in
      // What normal units never hold needs no number.
      if !item.isMissing, item.normalShare == 0 { return true }
      let usual =
        normal.members.isEmpty
        ? item.normalShare
        : normal.comparable(to: shares.filter { $0.event != item.event }).share(of: item.event)
      let held = count(item.event)
      let contrast = Double(held) / Double(max(total, 1)) - usual
      return item.isMissing
        ? -contrast >= Self.smallestContrast
          && Self.chance(of: total - held, of: total, share: 1 - usual) <= level
        : contrast >= Self.smallestContrast
          && Self.chance(of: held, of: total, share: usual) <= level
    }
    // Its own surprise picked the event, and no choice among all.
    disorder = KindDisorder(of: kind, units: units, normal: normal.comparable(to: shares)) {
      held, share in
      Self.chance(of: held, of: total, share: share) <= Self.level
    }
  }

  /// Probability that at least so many of all units hold what this share of units does; 1 where they are no
  /// more than that share.
  static func chance(of held: Int, of total: Int, share: Double) -> Double {
    let (held, total) = (Double(held), Double(total))
    guard held > 0, held > total * share else { return 1 }
    guard share > 0 else { return 0 }
    let ways = lgamma(total + 1) - lgamma(held + 1) - lgamma(total - held + 1)
    var term = exp(ways + held * log(share) + (total - held) * log1p(-share))
    var sum = term
    // Beyond the share each number is less likely than the one before, and soon none counts.
    var count = held
    while count < total, term > Self.negligible * sum {
      term *= (total - count) / (count + 1) * share / (1 - share)
      sum += term
      count += 1
    }
    return min(sum, 1)
  }
}

extension Model {
  /// What sets a kind apart from normal behaviour.
  func differences(of kind: Kind) -> KindDifferences {
    KindDifferences(
      of: kind, units: units(of: kind), normal: normalUnits,
      normalShares: zip(normal.vocabulary.knownEvents, space.normalShare).map {
        (event: $0, share: $1)
      })
  }

  /// What is remembered of a kind's units, and how often each came.
  func units(of kind: Kind) -> [(body: ArraySlice<Int32>, count: Int)] {
    let place = kinds.firstIndex { $0.id == kind.id }
    let units = examples.filter { $0.kind == place }.map { (body: $0.unit.body, count: $0.count) }
    return units.isEmpty ? kind.samples.map { (body: $0.events[...], count: $0.count) } : units
  }
}
