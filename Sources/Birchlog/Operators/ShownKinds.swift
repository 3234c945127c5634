import Glibc

/// The kinds as operators see them, made from the found ones and the decisions about them.
struct ShownKinds {
  private(set) var kinds: [Kind] = []
  /// The place in `kinds` of each found kind.
  private(set) var ofFound: [Int] = []

  init(
    found: [Kind], decisions: KindDecisions, examples: [KindExample], vocabulary: Vocabulary,
    normalShare: [Double]
  ) {
    var parts: [[Int]] = []
    var places: [String: Int] = [:]
    for (index, kind) in found.enumerated() {
      let id = decisions.shownID(of: kind.id)
      let place = places[id] ?? parts.count
      if place == parts.count {
        places[id] = place
        parts.append([])
      }
      parts[place].append(index)
      ofFound.append(place)
    }
    var held = [[(unit: Unit, count: Int)]](repeating: [], count: parts.count)
    for example in examples where parts[ofFound[example.kind]].count > 1 {
      held[ofFound[example.kind]].append((example.unit, example.count))
    }
    for (place, own) in parts.enumerated() {
      var kind = found[own[0]]
      if own.count > 1 {
        kind = Self.join(own.map { found[$0] })
        kind.evidence = KindBuilder.evidence(
          held[place], vocabulary: vocabulary, normalShare: normalShare)
      }
      kind.id = decisions.shownID(of: found[own[0]].id)
      kind.aliases = own.map { found[$0].id }.filter { $0 != kind.id }
      let remark = decisions.remarks[kind.id] ?? .init()
      kind.name = remark.name
      kind.notes = remark.notes
      kind.isMarked = remark.isMarked && !kind.isNormal
      kinds.append(kind)
    }
  }

  /// One kind of several: figures over all their distinct units, the samples of each in turn.
  private static func join(_ parts: [Kind]) -> Kind {
    var kind = parts[0]
    let weights = parts.map { Double(max($0.distinct, 1)) }
    let total = weights.reduce(0, +)
    func mean(_ value: (Kind) -> Double) -> Double {
      zip(parts, weights).reduce(0) { $0 + value($1.0) * $1.1 } / total
    }
    kind.size = parts.reduce(0) { $0 + $1.size }
    kind.distinct = parts.reduce(0) { $0 + $1.distinct }
    kind.share = parts.reduce(0) { $0 + $1.share }
    kind.isCandidate = parts.allSatisfy(\.isCandidate)
    kind.firstLine = parts.map(\.firstLine).filter { $0 > 0 }.min() ?? 0
    kind.times = parts.reduce(nil) { $0.widened(by: $1.times) }
    kind.silhouette = mean(\.silhouette)
    kind.centroid = kind.centroid.indices.map { column in
      Float(mean { Double($0.centroid[column]) })
    }
    let centroid = kind.centroid
    let offsets = parts.map { distance($0.centroid, centroid) }
    kind.radius = mean { part in
      let offset = distance(part.centroid, centroid)
      return part.radius * part.radius + offset * offset
    }.squareRoot()
    kind.limit = zip(parts, offsets).map { $0.limit + $1 }.max() ?? kind.limit
    let longest = parts.map(\.samples.count).max() ?? 0
    let samples = (0..<longest).flatMap { rank in
      parts.compactMap { $0.samples.indices.contains(rank) ? $0.samples[rank] : nil }
    }
    kind.samples = Array(samples.prefix(KindBuilder.sampleCount))
    return kind
  }
}
