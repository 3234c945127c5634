/// One kind with its neighbours and what happened to it.
struct KindDocument: Decodable {
  let kind: KindsDocument.Kind
  let neighbours: [Neighbour]
  let lineage: [JournalDocument.Entry]

  /// Another kind that lies near.
  struct Neighbour: Decodable {
    let id: String
    let name: String?
    let distance: Double
    let reading: String?

    var title: String {
      guard let name, !name.isEmpty else { return id }
      return "\(id) \(name)"
    }
  }

  private enum CodingKeys: String, CodingKey {
    case neighbours, lineage
  }

  init(from decoder: any Decoder) throws {
    kind = try KindsDocument.Kind(from: decoder)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    neighbours = try container.decode([Neighbour].self, forKey: .neighbours)
    lineage = try container.decode([JournalDocument.Entry].self, forKey: .lineage)
  }
}
