extension Model {
  /// Other kinds that are named as neighbours.
  private static let neighbourCount = 3

  /// One kind with its nearest neighbours and what happened to it.
  ///
  /// - Parameter id: its id, or that of a kind that became part of it.
  public func describe(kind id: String) throws(BirchlogError) -> JSONValue {
    let kind =
      if let heir = kinds.first(where: { $0.aliases.contains(id) }) { heir } else {
        try self.kind(id)
      }
    var object = describe(kind)
    let others = kinds.filter { $0.id != kind.id }
      .map { (kind: $0, distance: distance($0.centroid, kind.centroid)) }
      .sorted { $0.distance != $1.distance ? $0.distance < $1.distance : $0.kind.id < $1.kind.id }
    object["neighbours"] = .array(
      others.prefix(Self.neighbourCount).map { other in
        let shared = Set(kind.evidence.map(\.event)).intersection(other.kind.evidence.map(\.event))
        return .object([
          "id": .string(other.kind.id), "name": other.kind.name.map { .string($0) } ?? .null,
          "distance": .number(rounded(other.distance)),
          "shared_events": .array(shared.sorted().map { .integer(Int64($0)) }),
          "reading": .string(reading(of: other.kind)),
        ])
      })
    let ids = Set([kind.id] + kind.aliases)
    object["lineage"] = .array(
      decisions.journal.filter { edit in
        ids.contains(edit.kind) || edit.kinds.contains(where: ids.contains)
          || edit.born.contains { ids.contains($0.id) }
      }.map { $0.json() })
    return .object(object)
  }
}
