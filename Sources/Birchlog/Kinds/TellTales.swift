/// What normal behaviour does not explain about each anomalous unit: events that came too often, and
/// expected events that are missing.
///
/// It decides whether two groups of units are two kinds: they are when each shows something that the
/// other does not, or a few units lack what nearly all of the others show.
struct TellTales {
  /// What is told of each unit: the event's column for an excess, ``width`` more for a lack.
  let ofUnits: [[Int]]
  let weights: [Double]

  /// A count tells something when normal behaviour explains less than this part of how often
  /// anomalous units have so much, or so little.
  private static let explained = 0.5
  /// A normal share is taken this many standard errors higher than it was seen.
  private static let margin = 2.0

  /// - Parameter units: anomalous units and their weights.
  init(_ units: [(unit: Unit, weight: Double)], normal: CountProfile, vocabulary: Vocabulary) {
    let width = vocabulary.knownEvents.count + 1
    let counts = units.map { CountProfile.occurrences(in: $0.unit, vocabulary: vocabulary) }
    var tables = [[Int32: Double]](repeating: [:], count: width)
    var total = 0.0
    for (held, unit) in zip(counts, units) {
      total += unit.weight
      for (column, count) in held { tables[column][count, default: 0] += unit.weight }
    }
    let anomalous = CountProfile(total: total, tables: tables)

    func isTelling(normal usual: Double, anomalous seen: Double) -> Bool {
      guard normal.total > 0, total > 0 else { return true }
      let expected = (usual + Self.margin * usual.squareRoot()) / normal.total
      return expected < Self.explained * seen / total
    }
    let telling = tables.enumerated().map { column, table in
      Set(
        table.keys.filter { count in
          isTelling(
            normal: normal.atLeast(column, count), anomalous: anomalous.atLeast(column, count))
        })
    }
    let missed = (0..<width).filter { column in
      normal.share(of: column) >= SignatureSpace.expectedShare
        && isTelling(
          normal: normal.total - normal.atLeast(column, 1),
          anomalous: total - anomalous.atLeast(column, 1))
    }
    ofUnits = counts.map { held in
      let present = Set(held.map(\.column))
      return held.filter { telling[$0.column].contains($0.count) }.map(\.column)
        + missed.filter { !present.contains($0) }.map { width + $0 }
    }
    weights = units.map(\.weight)
  }

  /// What a group of units shows: the weight of the units behind each sign.
  struct Group {
    private(set) var weight = 0.0
    private var signs: [Int: Double] = [:]

    /// A session that came once weighs no more, two weigh more.
    private static let once = 1.0
    /// Shares of a group's units.
    static let (most, nearlyAll, hardlyAny) = (0.6, 0.95, 0.05)

    mutating func add(_ told: [Int], weight: Double) {
      self.weight += weight
      for sign in told { signs[sign, default: 0] += weight }
    }

    mutating func add(_ other: Group) {
      weight += other.weight
      for (sign, value) in other.signs { signs[sign, default: 0] += value }
    }

    /// Whether the two are told apart: by signs of both, or as a rule and an exception to it.
    ///
    /// What only one group shows makes the other a variant of it, for faults have optional steps.
    /// A step that nearly all of the units of both together show is not optional. What came once
    /// tells nothing apart: something is always its own.
    func differs(from other: Group) -> Bool {
      guard min(weight, other.weight) > Self.once else { return false }
      return hasOwnSign(beside: other) && other.hasOwnSign(beside: self)
        || isException(to: other) || other.isException(to: self)
    }

    private func isException(to rule: Group) -> Bool {
      weight <= Self.hardlyAny * (weight + rule.weight)
        && rule.hasOwnSign(of: Self.nearlyAll, beside: self)
    }

    /// Whether this share of the units show something that hardly any of the other group shows.
    func hasOwnSign(of share: Double = Self.most, beside other: Group) -> Bool {
      signs.contains { sign, value in
        value >= share * weight
          && (other.signs[sign] ?? 0) <= Self.hardlyAny * other.weight
      }
    }
  }
}
