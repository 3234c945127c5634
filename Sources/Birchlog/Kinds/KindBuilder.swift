import Glibc

/// Describes a group of units: where it lies, what sets it apart, samples to look at.
struct KindBuilder {
  let space: SignatureSpace
  let vocabulary: Vocabulary

  static let sampleCount = 5
  private static let sampleEvents = 256
  private static let evidenceCount = 6
  /// Shares of kind and normal units must differ by this much for an event to set the kind apart.
  private static let smallestContrast = 0.3
  /// An event that normal units hold nearly as often says little by being there.
  private static let smallestRatio = 2.0
  /// A new unit may lie this much farther from the mean than all but a hundredth of training's
  /// units did.
  private static let limitMargin = 1.3
  /// Units of a kind that hardly differ leave room for this much, in signatures of unit length.
  private static let smallestSpread = 0.15

  func kind(
    _ members: [KindFit.Member], id: String, isNormal: Bool, total: Int, candidateSize: Int
  ) -> Kind {
    let size = members.reduce(0) { $0 + $1.input.count }
    let centroid = mean(members)
    let distances = members.map { distance($0.signature, centroid) }
    let squares = distances.reduce(0) { $0 + $1 * $1 }
    let radius = (squares / Double(max(members.count, 1))).squareRoot()
    let nearest = members.indices.sorted {
      distances[$0] != distances[$1] ? distances[$0] < distances[$1] : $0 < $1
    }
    return Kind(
      id: id, isNormal: isNormal, isCandidate: !isNormal && size < candidateSize,
      size: size,
      distinct: members.count, share: Double(size) / Double(max(total, 1)), silhouette: 0,
      radius: radius, limit: limit(distances, radius: radius),
      centroid: centroid,
      firstLine: members.map(\.input.firstLine).filter { $0 > 0 }.min() ?? 0,
      evidence: Self.evidence(
        members.map { (unit: $0.input.unit, count: $0.input.count) }, vocabulary: vocabulary,
        normalShare: space.normalShare),
      samples: nearest.prefix(Self.sampleCount).map { sample(members[$0]) },
      times: members.reduce(nil) { $0.widened(by: $1.input.times) })
  }

  /// The distance from the mean up to which a new unit is of the kind: no less than that at which
  /// stage 3 would have joined it, for a kind of few distinct units hardly shows how far it reaches.
  private func limit(_ distances: [Double], radius: Double) -> Double {
    let seen = Self.limitMargin * max(Self.quantile(distances, 0.99), Self.smallestSpread)
    guard space.kind != .hidden else { return seen }
    let joined = KindCount.alike * KindCount.alike - radius * radius
    return max(seen, max(joined, 0).squareRoot())
  }

  private static func quantile(_ values: [Double], _ level: Double) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    return sorted[min(sorted.count - 1, Int((Double(sorted.count) * level).rounded(.up)) - 1)]
  }

  private func mean(_ members: [KindFit.Member]) -> [Float] {
    var sum = [Double](repeating: 0, count: space.dimension)
    for member in members {
      for (index, value) in member.signature.enumerated() { sum[index] += Double(value) }
    }
    return sum.map { Float($0 / Double(max(members.count, 1))) }
  }

  private func sample(_ member: KindFit.Member) -> Kind.Sample {
    let unit = member.input.unit
    let decisive = member.score.decisive.map { $0 + unit.contextCount }
    let events = Array(unit.events.prefix(Self.sampleEvents))
    return Kind.Sample(
      session: member.input.session, firstLine: member.input.firstLine, events: events,
      count: member.input.count,
      decisive: decisive.flatMap { events.indices.contains($0) ? $0 : nil })
  }

  /// The events whose share among units differs most from that among normal ones, `[knownEvents]`,
  /// most telling first.
  static func evidence(
    _ units: [(unit: Unit, count: Int)], vocabulary: Vocabulary, normalShare shares: [Double]
  ) -> [Kind.Evidence] {
    var held: [Int32: Int] = [:]
    var size = 0
    for (unit, count) in units {
      size += count
      for event in Set(unit.body) { held[event, default: 0] += count }
    }
    var evidence: [Kind.Evidence] = []
    for (column, event) in vocabulary.knownEvents.enumerated() {
      let share = Double(held[event] ?? 0) / Double(max(size, 1))
      let normalShare = shares[column]
      guard abs(share - normalShare) >= smallestContrast,
        share < normalShare || share >= smallestRatio * normalShare
      else { continue }
      evidence.append(
        .init(event: event, share: share, normalShare: normalShare, isMissing: share < normalShare))
    }
    func contrast(_ item: Kind.Evidence) -> Double {
      // What normal units never hold tells more than what some of them lack.
      abs(item.share - item.normalShare)
        * (item.isMissing ? 0.5 : 1 - log(max(item.normalShare, 1e-4)) / 10)
    }
    evidence.sort {
      contrast($0) != contrast($1) ? contrast($0) > contrast($1) : $0.event < $1.event
    }
    return Array(evidence.prefix(evidenceCount))
  }
}
