/// One kind in full.
struct KindView {
  let kind: KindDocument
  let model: ModelDocument

  func text(for terminal: Terminal) -> String {
    let own = kind.kind
    let sections = KindsView(
      kinds: KindsDocument(silhouette: nil, kinds: [own], retired: nil), model: model, samples: 5)
    var text = sections.section(own, terminal)
    text += facts(terminal)
    text += evidence(terminal)
    if !kind.neighbours.isEmpty {
      text += "\n" + terminal.paint("Nearest other kinds", .bold) + "\n"
      var table = Table([
        .init(title: "kind", isFlexible: true), .init(title: "distance", isNumeric: true),
        .init(title: "reading", isFlexible: true),
      ])
      for other in kind.neighbours {
        table.add([other.title, Numbers.fixed(other.distance), other.reading ?? ""])
      }
      text += table.text(width: terminal.width, indent: 2, terminal: terminal)
    }
    if !kind.lineage.isEmpty {
      text += "\n" + terminal.paint("What happened to it", .bold) + "\n"
      for entry in kind.lineage {
        for line in DisplayText.wrap(DisplayText.clean(entry.sentence), to: terminal.width - 2) {
          text += "  " + line + "\n"
        }
      }
    }
    return text
  }

  private func facts(_ terminal: Terminal) -> String {
    var text = ""
    let aliases = kind.kind.aliases ?? []
    if !aliases.isEmpty { text += "  holds " + aliases.joined(separator: ", ") + "\n" }
    if let seen = kind.kind.seen { text += "  seen \(seen)\n" }
    for note in kind.kind.notes ?? [] {
      for line in DisplayText.wrap("note: " + DisplayText.clean(note), to: terminal.width - 2) {
        text += "  " + line + "\n"
      }
    }
    return text
  }

  private func evidence(_ terminal: Terminal) -> String {
    let evidence = kind.kind.evidence ?? []
    guard !evidence.isEmpty else { return "" }
    var table = Table([
      .init(title: ""), .init(title: "of its units", isNumeric: true),
      .init(title: "of normal ones", isNumeric: true),
      .init(title: "event", isFlexible: true, wraps: true),
    ])
    for item in evidence {
      table.add([
        item.isMissing ? "missing" : "more", Numbers.percent(item.share),
        Numbers.percent(item.normalShare), item.template,
      ])
    }
    return "\n" + terminal.paint("What sets it apart", .bold) + "\n"
      + table.text(width: terminal.width, indent: 2, terminal: terminal)
  }
}
