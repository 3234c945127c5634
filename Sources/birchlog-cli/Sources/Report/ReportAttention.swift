/// Where the classifier looked: attention per position and head, as a table whose cells are shaded.
struct ReportAttention {
  let documents: [ExplanationDocument]
  let palette: ReportPalette
  let title: (String) -> String

  func html() -> String {
    let tables = documents.compactMap(table)
    guard !tables.isEmpty else {
      return
        "<p class=\"soft\">No attention to show: the model has no classifier, or nothing is anomalous.</p>"
    }
    return "<div class=\"heats\">\(tables.joined(separator: "\n"))</div>"
  }

  private func table(_ document: ExplanationDocument) -> String? {
    guard let attended = document.details.attended, let first = attended.first,
      !first.heads.isEmpty
    else { return nil }
    let finding = document.finding
    let decisive = Set(document.details.decisive)
    let highest = attended.flatMap(\.heads).max() ?? 1
    let heads = first.heads.indices.map { "<th scope=\"col\" class=\"n\">\($0 + 1)</th>" }
    let rows = attended.map { row in
      let cells = row.heads.map { value in
        "<td class=\"n heat\" style=\"--v:\(Int((value / max(highest, 1e-9) * 100).rounded()))%\">\(Int((value * 100).rounded()))</td>"
      }
      let text = HTMLText.escape(String(row.template.prefix(120)))
      let name = decisive.contains(row.position) ? "<mark>\(text)</mark>" : text
      return "<tr><th scope=\"row\"><code>\(name)</code></th>\(cells.joined())</tr>"
    }
    return """
      <figure><figcaption>\(palette.mark(finding.kind))\(HTMLText.escape(title(finding.kind))), <span class="log">\(HTMLText.escape(finding.session))</span></figcaption>
      <div class="scroll" tabindex="0" role="group" aria-label="Attention of \(HTMLText.escape(finding.session))"><table class="attention"><thead><tr><th scope="col">Event</th>\(heads.joined())</tr></thead><tbody>\(rows.joined(separator: "\n"))</tbody></table></div></figure>
      """
  }
}
