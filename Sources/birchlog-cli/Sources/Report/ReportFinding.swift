/// One finding as a line of the report that opens to its reasons.
struct ReportFinding {
  let document: ExplanationDocument
  let palette: ReportPalette
  let title: (String) -> String
  let lineLimit: Int

  private var finding: FindingDocument { document.finding }

  func html() -> String {
    let session = finding.session + (finding.window.map { " #\($0)" } ?? "")
    return """
      <details><summary><span class="log session">\(HTMLText.escape(session))</span><span class="kind">\(palette.mark(finding.kind))\(HTMLText.escape(title(finding.kind)))</span>\
      <span class="number score">\(Numbers.fixed(finding.score, 1))</span><span class="why log">\(HTMLText.escape(finding.reason ?? ""))</span></summary>
      <div class="inside"><p>\(HTMLText.escape(document.details.summary ?? ""))</p><p class="soft">\(HTMLText.escape(place))</p>
      \(lines)\(evidence)\(missing)\(repair)\(likeness)</div></details>
      """
  }

  private var place: String {
    var parts: [String] = []
    if let source = finding.source { parts.append(source) }
    if let lines = finding.lines, let first = lines.first, let last = lines.last {
      parts.append(
        first == last
          ? "line \(Numbers.grouped(first))"
          : "lines \(Numbers.grouped(first)) to \(Numbers.grouped(last))")
    }
    if let events = finding.events { parts.append(Numbers.count(events, "event")) }
    parts.append("ΔF \(Numbers.fixed(finding.perturbation, 2))")
    if let confidence = finding.confidence {
      parts.append("the classifier is \(Numbers.percent(confidence, 0)) sure")
    }
    return parts.joined(separator: ", ")
  }

  private var lines: String {
    ReportLines.raw(document.details.raw, limit: lineLimit) ?? ""
  }

  private var evidence: String {
    guard let evidence = finding.evidence, !evidence.isEmpty else { return "" }
    let items = evidence.prefix(3).map { item in
      var facts: [String] = []
      if let line = item.line { facts.append("line \(Numbers.grouped(line))") }
      if item.unseen == true {
        facts.append("never seen in normal logs")
      } else if let probability = item.probability {
        facts.append("expected with \(Numbers.probability(probability))")
        if let rank = item.rank { facts.append("place \(rank)") }
      }
      let expected = (item.expected ?? []).prefix(2).map {
        "<br><span class=\"soft\">instead, \(Numbers.probability($0.probability)):</span> <code>\(HTMLText.escape($0.template))</code>"
      }
      return
        "<li><code>\(HTMLText.escape(item.template))</code> <span class=\"soft\">\(HTMLText.escape(facts.joined(separator: ", ")))</span>\(expected.joined())</li>"
    }
    return "<h4>What surprised</h4><ul>\(items.joined(separator: "\n"))</ul>"
  }

  private var missing: String {
    guard let missing = finding.missing, !missing.isEmpty else { return "" }
    let items = missing.prefix(3).map {
      "<li><code>\(HTMLText.escape($0.template))</code> <span class=\"soft\">in \(Numbers.percent($0.expectedShare, 1)) of normal ones</span></li>"
    }
    return "<h4>Missing</h4><ul>\(items.joined(separator: "\n"))</ul>"
  }

  private var repair: String {
    guard let repair = document.details.repair else { return "" }
    let items = repair.edits.prefix(4).map { edit in
      let place =
        edit.line.map { "line \(Numbers.grouped($0))" }
        ?? edit.positions.first.map { "event \($0 + 1)" } ?? "the end"
      let times = edit.positions.count > 1 ? " and \(edit.positions.count - 1) more" : ""
      let what =
        edit.action == "remove" ? "without \(place)\(times):" : "with, before \(place):"
      return
        "<li>\(what) <code>\(HTMLText.escape(edit.template))</code> <span class=\"soft\">score \(Numbers.fixed(edit.score, 1))</span></li>"
    }
    let heading = repair.anomalous ? "Nearer to normal" : "It would be normal"
    return "<h4>\(heading)</h4><ul>\(items.joined(separator: "\n"))</ul>"
  }

  private var likeness: String {
    var items: [String] = []
    if let exemplar = document.details.exemplar {
      items.append(
        "most like session <span class=\"log\">\(HTMLText.escape(exemplar.session))</span> of training, distance \(Numbers.fixed(exemplar.distance, 3))"
      )
    }
    for neighbour in (document.details.neighbours ?? []).prefix(2) {
      guard let item = neighbour.evidence.first else { continue }
      items.append(
        "not \(HTMLText.escape(title(neighbour.kind))): <code>\(HTMLText.escape(item.template))</code> <span class=\"soft\">in \(Numbers.percent(item.share, 0)) of this kind, \(Numbers.percent(item.neighbourShare, 0)) of that</span>"
      )
    }
    guard !items.isEmpty else { return "" }
    return "<h4>Which kind</h4><ul>\(items.map { "<li>\($0)</li>" }.joined(separator: "\n"))</ul>"
  }
}
