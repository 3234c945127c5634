/// One kind as a card of the report.
struct ReportKindCard {
  let kind: KindsDocument.Kind
  /// What the inputs showed of it; nil without inputs.
  let digest: ReportDigest.KindDigest?
  let palette: ReportPalette
  let unitNoun: String
  let lineLimit: Int

  func html() -> String {
    """
    <article id="\(HTMLText.escape(kind.id))" aria-labelledby="name-\(HTMLText.escape(kind.id))">
    <header><h3 id="name-\(HTMLText.escape(kind.id))">\(palette.mark(kind.id))\(HTMLText.escape(kind.title))</h3><span class="badge \(kind.nature)">\(kind.nature)</span></header>
    <p class="reading">\(HTMLText.escape(kind.reading ?? ""))</p>
    <p class="size">\(HTMLText.escape(facts))</p>
    \(notes)\(evidence)
    \(exemplars)
    </article>
    """
  }

  private var facts: String {
    var facts: [String] = []
    if let digest {
      facts.append("\(Numbers.count(digest.units, unitNoun)) here")
      if let first = digest.first.flatMap(words) {
        let last = digest.last.flatMap(words) ?? first
        facts.append(first == last ? "seen at \(first)" : "first seen at \(first), last at \(last)")
      }
      facts.append("\(Numbers.grouped(kind.size)) in training")
    } else {
      facts.append(
        "\(Numbers.count(kind.size, unitNoun)) in training (\(Numbers.percent(kind.share)))")
    }
    if let distinct = kind.distinct { facts.append("\(Numbers.grouped(distinct)) distinct") }
    if let silhouette = kind.silhouette, !kind.normal {
      facts.append("silhouette \(Numbers.fixed(silhouette))")
    }
    return facts.joined(separator: ", ")
  }

  private func words(_ place: ReportDigest.Place) -> String? {
    if let time = place.time { return time.text }
    return place.line.map { "line \(Numbers.grouped($0))" }
  }

  private var notes: String {
    (kind.notes ?? []).map { "<p class=\"note\">\(HTMLText.escape($0))</p>" }.joined()
  }

  private var evidence: String {
    guard let evidence = kind.evidence, !evidence.isEmpty, !kind.normal else { return "" }
    let items = evidence.prefix(4).map { item in
      let heading = item.isMissing ? "<span class=\"soft\">missing: </span>" : ""
      return """
        <li><code>\(heading)\(HTMLText.escape(item.template))</code><div class="pair">\
        \(row("here", item.share, "thin \(kind.nature)"))\(row("in normal", item.normalShare, "thin reference"))</div></li>
        """
    }
    return "<h4>Evidence</h4><ul class=\"evidence\">\(items.joined(separator: "\n"))</ul>"
  }

  private func row(_ label: String, _ share: Double?, _ cssClass: String) -> String {
    "<span>\(label)</span>\(ReportCharts.bar(share ?? 0, cssClass: cssClass, label: "\(label) \(Numbers.percent(share, 0))"))"
      + "<span class=\"number\">\(Numbers.percent(share, 0))</span>"
  }

  private var exemplars: String {
    var blocks = (digest?.exemplars ?? []).enumerated().compactMap { index, exemplar in
      exemplarBlock(exemplar, isOpen: index == 0)
    }
    if blocks.count < 3 {
      let samples = (kind.samples ?? []).prefix(3 - blocks.count)
      blocks += samples.enumerated().map { index, sample in
        let count = sample.count.map { $0 > 1 ? ", seen \(Numbers.grouped($0)) times" : "" } ?? ""
        return block(
          "\(sample.session ?? "sample \(index + 1)")",
          "\(Numbers.count(sample.events.count, "event")) in training\(count)",
          ReportLines.templates(sample), isOpen: blocks.isEmpty && index == 0 && !kind.normal)
      }
    }
    guard !blocks.isEmpty else { return "" }
    return "<h4>Exemplars</h4>\(blocks.joined(separator: "\n"))"
  }

  private func exemplarBlock(_ exemplar: ExplanationDocument, isOpen: Bool) -> String? {
    guard let lines = ReportLines.raw(exemplar.details.raw, limit: lineLimit) else { return nil }
    return block(
      exemplar.finding.session + (exemplar.finding.window.map { " #\($0)" } ?? ""),
      Numbers.count(exemplar.finding.events ?? 0, "event"), lines, isOpen: isOpen)
  }

  private func block(_ title: String, _ detail: String, _ body: String, isOpen: Bool) -> String {
    """
    <details class="sample"\(isOpen ? " open" : "")><summary><span class="session">\(HTMLText.escape(title))</span> \(HTMLText.escape(detail))</summary>
    \(body)</details>
    """
  }
}
