/// What an import of kinds matched.
struct KindImportDocument: Decodable {
  let matched: [Match]
  let unmatched: [Miss]
  let untouched: [String]

  struct Match: Decodable {
    let from: String
    let to: String
    let name: String?
    let distance: Double?
    let evidence: Double?
    let applied: [String]
  }

  struct Miss: Decodable {
    let id: String
    let name: String?
    let reason: String
  }

  /// The report as text.
  func text(for terminal: Terminal) -> String {
    var table = Table([
      .init(title: "from"), .init(title: "to"), .init(title: "distance", isNumeric: true),
      .init(title: "evidence", isNumeric: true), .init(title: "taken over"),
      .init(title: "name", isFlexible: true),
    ])
    for match in matched {
      table.add([
        match.from, match.to, Numbers.fixed(match.distance), Numbers.percent(match.evidence, 0),
        match.applied.isEmpty ? "–" : match.applied.joined(separator: ", "), match.name ?? "",
      ])
    }
    var text = matched.isEmpty ? "" : table.text(width: terminal.width, terminal: terminal)
    for miss in unmatched {
      let name = miss.name.map { " (\($0))" } ?? ""
      text += DisplayText.clean("\(miss.id)\(name): \(miss.reason)") + "\n"
    }
    if !untouched.isEmpty {
      text += "Nothing matched here: " + untouched.joined(separator: ", ") + ".\n"
    }
    return text
  }
}
