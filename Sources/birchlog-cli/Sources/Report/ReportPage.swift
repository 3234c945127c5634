/// The report as one HTML page without scripts and without a network.
///
/// The same model and findings give the same bytes: no clock is read.
struct ReportPage {
  let model: ModelDocument
  let kinds: KindsDocument
  let inputs: [String]
  /// What the inputs showed; nil without inputs.
  let digest: ReportDigest?
  let statistics: StatisticsDocument?
  let evaluation: EvaluationDocument?
  /// Lines of a session that are shown.
  var lineLimit = 16

  /// Bytes of a page at most; beyond, it is made with fewer lines of each session.
  static let byteLimit = 1_900_000
  /// Kinds that get a card.
  private static let cardLimit = 60

  /// The page, with as many lines as fit.
  func text() -> String {
    var page = self
    while true {
      let text = page.html()
      guard text.utf8.count > Self.byteLimit, page.lineLimit > 1 else { return text }
      page.lineLimit /= 2
    }
  }

  private func html() -> String {
    let sections = self.sections
    let links = sections.map { "<a href=\"#\($0.id)\">\($0.short)</a>" }
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
      <link rel="icon" href="data:,">
      <title>Birchlog report</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <a class="skip" href="#summary">Skip to the report</a>
      <header class="top"><p class="brand">\(Self.logo)Birchlog</p>
      <fieldset class="theme"><legend class="sr">Colours</legend>
      <label><input type="radio" name="theme" id="theme-auto" checked><span>Auto</span></label>\
      <label><input type="radio" name="theme" id="theme-light"><span>Light</span></label>\
      <label><input type="radio" name="theme" id="theme-dark"><span>Dark</span></label></fieldset></header>
      <main>
      <section id="summary" aria-labelledby="title"><h1 id="title">Log report\(HTMLText.escape(inputWords))</h1>
      <p class="lead">\(HTMLText.escape(ReportSummary(page: self).sentence))</p>
      \(facts)
      \(warnings)</section>
      <nav aria-label="Sections">\(links.joined())</nav>
      \(sections.map(\.html).joined(separator: "\n"))
      </main>
      \(footer)
      </body>
      </html>

      """
  }

  /// A section of the page.
  private struct Section {
    let id: String
    let short: String
    let html: String

    init(_ id: String, _ short: String, title: String, _ introduction: String, _ body: String) {
      self.id = id
      self.short = short
      html = """
        <section id="\(id)" aria-labelledby="section-\(id)">
        <h2 id="section-\(id)">\(HTMLText.escape(title))</h2>
        <p class="soft">\(HTMLText.escape(introduction))</p>
        \(body)
        </section>
        """
    }
  }

  private var sections: [Section] {
    var sections: [Section] = []
    if let digest {
      sections.append(timelineSection(digest))
      sections.append(mapSection(digest))
    }
    sections.append(kindsSection)
    if let digest {
      sections.append(findingsSection(digest))
      sections.append(attentionSection(digest))
    }
    sections.append(curveSection)
    sections.append(metricsSection)
    if let digest, let statistics {
      sections.append(
        Section(
          "losses", "Left out", title: "What was left out",
          "What of the input no verdict speaks of, or speaks of in part.",
          ReportLosses(
            statistics: statistics, open: digest.open,
            unknown: digest.kinds["unknown"]?.units ?? 0, unitNoun: model.unitNoun
          ).html()))
    }
    return sections
  }

  // MARK: - Words

  /// Ids of the kinds of anomaly, the most frequent in the input first, then those it did not show.
  var order: [String] {
    let found = (digest?.order ?? []).filter { $0 != "unknown" }
    let others = kinds.kinds.filter { !$0.normal && !found.contains($0.id) }
    return found + others.sorted { $1.size < $0.size }.map(\.id)
  }

  var palette: ReportPalette { ReportPalette(order) }

  /// The id of a kind with its operator's name.
  func title(_ id: String) -> String {
    kinds.kinds.first { $0.id == id }?.title ?? id
  }

  private var inputWords: String {
    guard !inputs.isEmpty else { return "" }
    let names = inputs.map {
      $0 == "-" ? "standard input" : String($0.split(separator: "/").last ?? "")
    }
    return names.count <= 2 ? ": " + names.joined(separator: ", ") : ": \(names.count) logs"
  }

  private var facts: String {
    let noun = model.unitNoun
    var tiles: [(String, String, String)] = []
    if let digest {
      tiles.append(("\(noun.capitalizedFirst)s read", Numbers.grouped(digest.units), ""))
      let share = Double(digest.anomalies) / Double(max(1, digest.units))
      tiles.append(("Anomalous", Numbers.grouped(digest.anomalies), Numbers.percent(share)))
      let found = digest.order.filter { $0 != "unknown" }.count
      let known = kinds.kinds.count { !$0.normal }
      tiles.append(("Kinds seen", "\(found)", "of \(known) known"))
    } else {
      tiles.append(("Kinds of anomaly", "\(kinds.kinds.count { !$0.normal })", ""))
    }
    if let threshold = model.threshold {
      let rate =
        threshold.upperBound.map { "false alarms under \(Numbers.percent($0)), 95 % sure" } ?? ""
      tiles.append(("Threshold", Numbers.fixed(threshold.score, 1) + " nats", rate))
    }
    if let learned = model.learned {
      tiles.append(
        (
          "Learned from", Numbers.grouped(learned.normal),
          "normal \(noun)s, \(Numbers.grouped(learned.mixed)) unlabelled"
        ))
    }
    let body = tiles.map { title, value, detail in
      "<div><dt>\(HTMLText.escape(title))</dt><dd>\(HTMLText.escape(value))"
        + (detail.isEmpty ? "" : "<small>\(HTMLText.escape(detail))</small>") + "</dd></div>"
    }
    return "<dl class=\"facts\">\(body.joined())</dl>"
  }

  /// What was amiss when the model was made, which is no word on the log of the report.
  private var warnings: String {
    (model.warnings ?? []).map {
      "<p class=\"note\">When the model was made: \(HTMLText.escape($0))</p>"
    }.joined(separator: "\n")
  }

  // MARK: - Sections

  private func timelineSection(_ digest: ReportDigest) -> Section {
    let isTimed =
      digest.timeLacks.count == 1 && digest.timed * 10 >= digest.anomalies * 9
    let lacks = digest.timeLacks.first ?? nil
    let noun = model.unitNoun
    let view = ReportTimeline(
      timeline: isTimed ? digest.byTime : digest.byOrder, palette: palette, order: digest.order,
      title: title,
      place: {
        isTimed
          ? LogTime(seconds: $0, lacks: lacks).text
          : "\(noun) \(Numbers.grouped(min(Int($0) + 1, digest.units)))"
      },
      unitNoun: noun)
    return Section(
      "timeline", "Timeline", title: "When they came",
      isTimed
        ? "Anomalous \(noun)s by the time of their first line\(LogTime.words(lacks: lacks)), stacked by kind."
        : "Anomalous \(noun)s in the order in which they ended, stacked by kind.",
      view.html() + legend(digest))
  }

  private func mapSection(_ digest: ReportDigest) -> Section {
    let points = digest.points
    return Section(
      "map", "Map", title: "Which are alike",
      "A sample of \(Numbers.grouped(points.count)) \(model.unitNoun)s, at most 40 of a kind and 120 normal ones, placed so that "
        + "what lies near is alike; the distance between groups means little. A larger mark stands for several \(model.unitNoun)s whose signatures are equal.",
      "<div class=\"mapbox\">"
        + ReportMap(points: points, palette: palette, title: title, unitNoun: model.unitNoun).html()
        + legend(digest) + "</div>")
  }

  private func legend(_ digest: ReportDigest) -> String {
    let order = digest.order
    let items = order.prefix(24).map { id in
      let text =
        "\(palette.mark(id))\(HTMLText.escape(title(id))) <span class=\"number\">\(Numbers.grouped(digest.kinds[id]?.units ?? 0))</span>"
      return id == "unknown"
        ? "<li><span class=\"\(palette.style(id))\">\(text)</span></li>"
        : "<li><a class=\"\(palette.style(id))\" href=\"#\(HTMLText.escape(id))\">\(text)</a></li>"
    }
    guard !items.isEmpty else { return "" }
    let more = order.count > 24 ? "<li>and \(order.count - 24) more</li>" : ""
    return "<ul class=\"legend\" aria-label=\"Kinds\">\(items.joined())\(more)</ul>"
  }

  private var kindsSection: Section {
    let byID = Dictionary(kinds.kinds.map { ($0.id, $0) }) { first, _ in first }
    let seen = order.filter { digest == nil || digest?.kinds[$0] != nil }
    let others = order.filter { !seen.contains($0) } + kinds.kinds.filter(\.normal).map(\.id)
    func cards(_ ids: [String]) -> String {
      let cards = ids.compactMap { byID[$0] }.map {
        ReportKindCard(
          kind: $0, digest: digest?.kinds[$0.id], palette: palette, unitNoun: model.unitNoun,
          lineLimit: lineLimit
        ).html()
      }
      return "<div class=\"kinds\">\(cards.joined(separator: "\n"))</div>"
    }
    var body = cards(Array(seen.prefix(Self.cardLimit)))
    if seen.count > Self.cardLimit {
      body += table(
        ["Kind", "\(model.unitNoun)s"],
        seen.dropFirst(Self.cardLimit).map {
          [title($0), Numbers.grouped(digest?.kinds[$0]?.units ?? byID[$0]?.size ?? 0)]
        })
    }
    if !others.isEmpty {
      let words =
        digest == nil
        ? "Normal behaviour" : "Kinds that this input does not show, and normal behaviour"
      body +=
        "<details class=\"others\"><summary>\(words) (\(others.count))</summary>\(cards(Array(others.prefix(Self.cardLimit))))</details>"
    }
    return Section(
      "kinds", "Kinds", title: "The kinds",
      "What sets each apart, and sessions as they were seen; the lines that decided are marked.",
      body)
  }

  private func findingsSection(_ digest: ReportDigest) -> Section {
    let rows = digest.findings.map {
      ReportFinding(document: $0, palette: palette, title: title, lineLimit: lineLimit).html()
    }
    let shown =
      digest.anomalies == 0
      ? "Nothing anomalous was found."
      : "\(rows.count) of \(Numbers.grouped(digest.anomalies)): the highest scores, at most three of a kind and each of another shape. Each opens to its reasons."
    return Section(
      "findings", "Findings", title: "The most anomalous \(model.unitNoun)s", shown,
      rows.isEmpty ? "" : "<div class=\"findings\">\(rows.joined(separator: "\n"))</div>")
  }

  private func attentionSection(_ digest: ReportDigest) -> Section {
    let documents = digest.order.prefix(6).compactMap { digest.kinds[$0]?.exemplars.first }
    return Section(
      "attention", "Attention", title: "Where the classifier looked",
      "Attention of each head to each event of its window, in per cent, for a \(model.unitNoun) of each frequent kind. Marked "
        + "events decided; the end of a window looks back on what came before.",
      ReportAttention(documents: documents, palette: palette, title: title).html())
  }

  private var curveSection: Section {
    let introduction =
      "Each candidate number of kinds, judged by how well its groups are parted and how well they hold when the data are reshuffled."
    guard let clustering = model.clustering, let points = clustering.curve, points.count > 1 else {
      return Section(
        "curve", "Number of kinds", title: "How the number of kinds was found", introduction,
        "<p class=\"soft\">There was nothing to choose: the model was given the number, or saw too few different anomalies.</p>"
      )
    }
    let rows = points.map { point in
      [
        "\(point.k)", Numbers.fixed(point.silhouette, 3), Numbers.fixed(point.stability, 3),
        Numbers.fixed(point.height, 3), Numbers.fixed(point.gap, 3),
      ]
    }
    let chosen = clustering.k.map { "<span class=\"chosen\">chosen: \($0)</span>" } ?? ""
    let body = """
      <figure><div class="key"><span>silhouette</span><span class="two">stability over reshuffles</span>\(chosen)</div>
      \(ReportCharts.curve(points, chosen: clustering.k))</figure>
      <details><summary>The figures</summary>\(table(["kinds", "silhouette", "stability", "merge height", "relative gap"], rows))</details>
      """
    return Section(
      "curve", "Number of kinds", title: "How the number of kinds was found", introduction, body)
  }

  private var metricsSection: Section {
    Section(
      "metrics", "Quality", title: "How well kinds are told",
      evaluation == nil
        ? "By the classifier's own measure; with a truth (--truth) it stands here too."
        : "Against the truth, and by the classifier's own measure.",
      truth + classifier)
  }

  private var footer: String {
    var parts: [String] = []
    if let version = model.version { parts.append("Birchlog \(version)") }
    if let events = model.events { parts.append(Numbers.count(events, "event")) }
    if let preset = model.options?.preset { parts.append("preset \(preset)") }
    if let signature = model.options?.signature { parts.append("signature \(signature)") }
    if let session = model.options?.session { parts.append("sessions by \(session)") }
    if !inputs.isEmpty { parts.append("input: " + inputs.joined(separator: ", ")) }
    return "<footer>\(HTMLText.escape(parts.joined(separator: "; "))).</footer>"
  }

  /// A birch leaf.
  private static let logo =
    "<svg viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"M12 2C6 6 4 11 5 16l7 6 7-6c1-5-1-10-7-14z\" fill=\"currentColor\" opacity=\".25\"/><path d=\"M12 5v17M12 10l-4-2M12 10l4-2M12 15l-5-2M12 15l5-2\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.6\" stroke-linecap=\"round\"/></svg>"
}

extension String {
  /// The text with its first letter in capital.
  fileprivate var capitalizedFirst: String {
    prefix(1).uppercased() + dropFirst()
  }
}
