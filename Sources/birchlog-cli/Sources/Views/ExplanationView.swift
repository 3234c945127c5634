/// An explanation as text for people.
struct ExplanationView {
  let terminal: Terminal
  /// Whether the model scores ends; where it does not, that one is still to come says nothing.
  let scoresEnds: Bool?

  /// One unit, with a blank line behind it.
  func text(for document: ExplanationDocument) -> String {
    let finding = document.finding
    let details = document.details
    var text = heading(finding)
    text += wrapped(details.summary ?? "", indent: 0)
    text += section("What surprised", (finding.evidence ?? []).flatMap(evidence))
    text += section("How often", (details.counts ?? []).map(count))
    text += section(
      "Missing",
      (finding.missing ?? []).prefix(5).map {
        "\($0.template)  (in \(Numbers.percent($0.expectedShare, 1)) of normal ones)"
      })
    text += section("Lines", rawLines(details.raw))
    text += section(
      details.repair?.anomalous == true ? "Nearer to normal" : "Made normal by", repair(details))
    text += section("Resembles", likeness(document))
    text += section("Attention", attention(details.attended ?? [], of: finding))
    return text + "\n"
  }

  private func heading(_ finding: FindingDocument) -> String {
    var title = finding.session
    if let window = finding.window { title += " #\(window)" }
    let kind = [finding.kind, finding.name].compactMap { $0 }.joined(separator: " ")
    let verdict =
      finding.anomalous
      ? terminal.paint("anomalous", .red) : terminal.paint("normal", .green)
    let open = finding.isStillOpen && scoresEnds != false ? "  still open" : ""
    let (score, threshold) = Numbers.apart(finding.score, finding.threshold)
    return terminal.paint(DisplayText.clean(title), .bold)
      + "  \(verdict)\(open)  \(DisplayText.clean(kind))  score \(score) of "
      + "\(threshold) nats  ΔF \(Numbers.fixed(finding.perturbation, 2))\n"
  }

  private func section(_ title: String, _ lines: [String]) -> String {
    guard !lines.isEmpty else { return "" }
    return "  " + terminal.paint(title, .faint) + "\n"
      + lines.map {
        "    " + DisplayText.truncate($0, to: terminal.width - 4) + "\n"
      }.joined()
  }

  private func wrapped(_ text: String, indent: Int) -> String {
    DisplayText.wrap(DisplayText.clean(text), to: terminal.width - 2).map { "  \($0)\n" }.joined()
  }

  private func evidence(_ item: FindingDocument.Evidence) -> [String] {
    let place = item.line.map { "line \($0)" } ?? "event \(item.position + 1)"
    let chance =
      item.unseen == true
      ? "never in normal behaviour" : Numbers.probability(item.probability)
    let rank = item.unseen == true ? "" : item.rank.map { ", place \($0)" } ?? ""
    let expected = (item.expected ?? []).prefix(3).map {
      "  instead \(Numbers.probability($0.probability)): \(DisplayText.clean($0.template))"
    }
    let what = "\(place) (\(chance)\(rank)): \(DisplayText.clean(item.template))"
    // The end of a long template may be what tells it from others.
    let rows = DisplayText.wrap(what, to: terminal.width - 6).prefix(3)
    return rows.enumerated().map { ($0.offset > 0 ? "  " : "") + $0.element } + expected
  }

  private func count(_ item: EventCount) -> String {
    "\(Numbers.count(item.occurrences, "time")) (so \(item.direction): \(Numbers.probability(item.normalShare)) "
      + "of normal ones): \(DisplayText.clean(item.template))"
  }

  private func rawLines(_ raw: ExplanationDocument.Raw?) -> [String] {
    guard let raw else { return [] }
    let width = raw.lines.map { String($0.line).count }.max() ?? 1
    var lines: [String] = []
    if raw.lines.contains(where: { $0.text != nil }) {
      lines = raw.lines.map { line in
        let number = String(line.line)
        let mark = line.decisive && raw.lines.count > 1 ? ">" : " "
        let fill = String(repeating: " ", count: max(0, width - number.count))
        return "\(mark) \(fill)\(number)  \(line.shown(in: terminal.width - width - 8) ?? "…")"
      }
    }
    if raw.omitted > 0 { lines.append("… and \(Numbers.count(raw.omitted, "other line"))") }
    if let note = raw.note, !raw.lines.isEmpty { lines.append("(\(note))") }
    return lines
  }

  private func repair(_ details: ExplanationDocument.Details) -> [String] {
    guard let repair = details.repair else { return [] }
    let edits = repair.edits.map { edit -> String in
      let place =
        edit.line.map { "line \($0)" } ?? edit.positions.first.map { "event \($0 + 1)" } ?? ""
      let times = edit.positions.count > 1 ? " and \(edit.positions.count - 1) more" : ""
      let what = edit.action == "remove" ? "without \(place)\(times)" : "with, before \(place)"
      return "\(what) (score \(Numbers.fixed(edit.score, 1))): \(DisplayText.clean(edit.template))"
    }
    return edits
      + (repair.anomalous ? ["still anomalous, score \(Numbers.fixed(repair.score, 1))"] : [])
  }

  private func likeness(_ document: ExplanationDocument) -> [String] {
    var lines: [String] = []
    if let exemplar = document.details.exemplar {
      lines.append(
        "session \(DisplayText.clean(exemplar.session)) of \(exemplar.kind ?? "?"), distance "
          + "\(Numbers.fixed(exemplar.distance, 3))")
    }
    for neighbour in (document.details.neighbours ?? []).prefix(2) {
      let why = neighbour.evidence.first.map { item in
        ": \(DisplayText.clean(item.template)) (\(Numbers.percent(item.share, 0)) here, "
          + "\(Numbers.percent(item.neighbourShare, 0)) there)"
      }
      let name = neighbour.name.map { " " + DisplayText.clean($0) } ?? ""
      lines.append(
        "not \(neighbour.kind)\(name), distance \(Numbers.fixed(neighbour.distance, 3))\(why ?? "")"
      )
    }
    return lines
  }

  private func attention(
    _ attended: [ExplanationDocument.Attended], of finding: FindingDocument
  ) -> [String] {
    // The classifier also reads what came before a window.
    let first = finding.window == nil ? nil : finding.lines?.first
    let before = attended.filter { item in
      first.map { first in item.line.map { $0 < first } ?? false } ?? false
    }
    let positions = Set(before.map(\.position))
    let own = attended.filter { !positions.contains($0.position) }
    var lines = own.sorted { $0.mean > $1.mean }.prefix(3).map { item in
      let place = item.line.map { "line \($0)" } ?? "event \(item.position + 1)"
      let heads = item.heads.map { Numbers.percent($0, 0) }.joined(separator: ", ")
      return
        "\(Numbers.percent(item.mean, 0)) (heads \(heads)) on \(place): \(DisplayText.clean(item.template))"
    }
    if !before.isEmpty {
      let share = Numbers.percent(before.reduce(0) { $0 + $1.mean }, 0)
      lines.append("\(share) on \(Numbers.count(before.count, "line")) before the window")
    }
    return lines
  }
}
