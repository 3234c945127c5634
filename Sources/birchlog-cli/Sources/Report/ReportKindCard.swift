/// One kind as a card of the report.
struct ReportKindCard {
  let kind: KindsDocument.Kind
  let unitNoun: String

  /// The card.
  func html() -> String {
    var facts = ["\(Numbers.count(kind.size, unitNoun)) (\(Numbers.percent(kind.share)))"]
    if let distinct = kind.distinct { facts.append("\(Numbers.grouped(distinct)) distinct") }
    if let silhouette = kind.silhouette { facts.append("silhouette \(Numbers.fixed(silhouette))") }
    return """
      <article id="\(HTMLText.escape(kind.id))">
      <header><h3>\(HTMLText.escape(kind.title))</h3><span class="badge \(kind.nature)">\(kind.nature)</span></header>
      <p class="size">\(facts.joined(separator: ", "))</p>
      <p class="reading">\(HTMLText.escape(kind.reading ?? ""))</p>
      \(evidence)
      \(samples)
      </article>
      """
  }

  private var evidence: String {
    guard let evidence = kind.evidence, !evidence.isEmpty, !kind.normal else { return "" }
    let items = evidence.prefix(4).map { item in
      let heading = item.isMissing ? "missing: " : ""
      return """
        <li><code>\(heading)\(HTMLText.escape(item.template))</code><div class="pair">\
        \(row("in this kind", item.share, "thin \(kind.nature)"))\(row("in normal", item.normalShare, "thin reference"))</div></li>
        """
    }
    return "<h4>Evidence</h4><ul class=\"evidence\">\(items.joined(separator: "\n"))</ul>"
  }

  private func row(_ label: String, _ share: Double?, _ cssClass: String) -> String {
    "<span>\(label)</span>\(ReportCharts.bar(share ?? 0, cssClass: cssClass, label: "\(label) \(Numbers.percent(share, 0))"))"
      + "<span class=\"number\">\(Numbers.percent(share, 0))</span>"
  }

  private var samples: String {
    guard let samples = kind.samples, !samples.isEmpty else { return "" }
    let blocks = samples.enumerated().map { index, sample in
      let count = sample.count.map { $0 > 1 ? ", seen \(Numbers.grouped($0)) times" : "" } ?? ""
      return """
        <details class="sample"\(index == 0 && !kind.normal ? " open" : "")><summary>\(HTMLText.escape(sample.session ?? "sample \(index + 1)")) \
        (\(Numbers.count(sample.events.count, "event"))\(count))</summary>
        <ol class="log">\(steps(sample))</ol></details>
        """
    }
    return "<h4>Samples</h4>\(blocks.joined(separator: "\n"))"
  }

  private func steps(_ sample: KindsDocument.Sample) -> String {
    SampleSteps(sample).shown(around: 14).map { step in
      switch step {
      case .gap(let count):
        return
          "<li class=\"soft\"><span class=\"id\"></span><span>… \(Numbers.count(count, "event"))</span></li>"
      case .event(let event, let template, let repeats, let isDecisive):
        let times = repeats > 1 ? " <span class=\"soft\">×\(repeats)</span>" : ""
        let tag = isDecisive ? " <span class=\"tag\">decisive</span>" : ""
        let id = event >= 0 ? "E\(event)" : "end"
        return
          "<li\(isDecisive ? " class=\"decisive\"" : "")><span class=\"id\">\(id)</span><span>\(HTMLText.escape(template))\(times)\(tag)</span></li>"
      }
    }.joined(separator: "\n")
  }
}
