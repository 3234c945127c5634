/// Another kind that lies near, and what tells it from the unit's own.
struct Neighbour: Sendable {
  /// An event by which the two kinds differ, as far as this unit is concerned.
  struct Evidence: Sendable {
    /// nil for all events that training never saw.
    var event: Int32?
    var isEnd: Bool
    /// Occurrences in the unit.
    var occurrences: Int
    /// Part of the difference of the squared distances that the event accounts for.
    var weight: Double
    /// Shares of the two kinds' units that hold the event; nil where they are not known.
    var share: Double?
    var neighbourShare: Double?
  }

  /// Index of the kind.
  var kind: Int
  /// Distance of the unit's signature from the kind's mean.
  var distance: Double
  /// Most telling first.
  var evidence: [Evidence]
}

extension Model {
  private static let neighbourCount = 3
  private static let neighbourEvidence = 3
  /// An event is named when it accounts for this part of the difference.
  private static let smallestWeight = 0.05

  /// The nearest other kinds of the same nature, nearest first.
  ///
  /// The squared distances from two means differ by a sum over columns, so each event's part in the
  /// decision is known exactly.
  func neighbours(of unit: Unit, signature: [Float], verdict: Verdict) -> [Neighbour] {
    let own = verdict.kind
    let isNormal = own.map { kinds[$0].isNormal } ?? false
    let others = kinds.indices.filter {
      $0 != own && (kinds[$0].isNormal == isNormal || options.largestKindIsNormal)
    }
    let near = others.map { (kind: $0, distance: distance(signature, kinds[$0].centroid)) }
      .sorted { $0.distance != $1.distance ? $0.distance < $1.distance : $0.kind < $1.kind }
      .prefix(Self.neighbourCount)
    return near.map { other in
      Neighbour(
        kind: other.kind, distance: other.distance,
        evidence: own.map {
          telling(unit, signature: signature, own: $0, other: other.kind)
        } ?? [])
    }
  }

  private func telling(
    _ unit: Unit, signature: [Float], own: Int, other: Int
  ) -> [Neighbour.Evidence] {
    let columns = normal.vocabulary.knownEvents.count
    var parts = [Double](repeating: 0, count: columns + 2)
    let (near, far) = (kinds[own].centroid, kinds[other].centroid)
    guard signature.count == near.count, near.count == far.count else { return [] }
    for block in space.blocks where block.isDeviation {
      for (column, index) in block.range.enumerated() where parts.indices.contains(column) {
        let (toNear, toFar) = (signature[index] - near[index], signature[index] - far[index])
        parts[column] += Double(toFar * toFar - toNear * toNear)
      }
    }
    let total = parts.reduce(0) { $0 + max($1, 0) }
    guard total > 0 else { return [] }
    let shares = kindShares
    let order = parts.indices.filter { parts[$0] >= Self.smallestWeight * total }
      .sorted { parts[$0] != parts[$1] ? parts[$0] > parts[$1] : $0 < $1 }
    return order.prefix(Self.neighbourEvidence).map { column in
      let event = column < columns ? normal.vocabulary.knownEvents[column] : nil
      let isEnd = column == columns + 1
      return Neighbour.Evidence(
        event: event, isEnd: isEnd,
        occurrences: isEnd
          ? 0
          : unit.body.count {
            (normal.vocabulary.column(of: $0) ?? columns) == column
          },
        weight: parts[column] / total,
        share: isEnd ? nil : shares.share(of: column, in: own),
        neighbourShare: isEnd ? nil : shares.share(of: column, in: other))
    }
  }
}
