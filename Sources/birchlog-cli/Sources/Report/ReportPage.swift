/// The report as one HTML page without scripts and without a network.
///
/// The same model and findings give the same bytes: no clock is read.
struct ReportPage {
  let model: ModelDocument
  let kinds: KindsDocument
  let inputs: [String]
  /// What the inputs showed; nil without inputs.
  let digest: FindingsDigest?
  let evaluation: EvaluationDocument?

  /// The page.
  func html() -> String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <title>Birchlog report</title>
    <style>
    \(Self.style)
    </style>
    </head>
    <body>
    <main>
    <h1>Birchlog report</h1>
    <p class="lead">\(HTMLText.escape(summary))</p>
    \(facts)
    \(warnings)
    \(sizes)
    \(cards)
    \(findings)
    \(curve)
    \(classifier)
    \(truth)
    \(footer)
    </main>
    </body>
    </html>

    """
  }

  private var anomalousKinds: [KindsDocument.Kind] { kinds.kinds.filter { !$0.normal } }

  private var summary: String {
    let known = Numbers.count(anomalousKinds.count, "kind") + " of anomaly"
    guard let digest else {
      guard let mixed = model.sessions?.mixed, mixed > 0 else {
        return "The model has seen normal behaviour only; it tells what departs from it."
      }
      return "\(Numbers.count(mixed, model.unitNoun)) of unlabelled log held \(known)."
    }
    let units = Numbers.count(digest.units, model.unitNoun)
    if digest.anomalies == 0 { return "None of \(units) is anomalous; the model knows \(known)." }
    let share = Double(digest.anomalies) / Double(max(1, digest.units))
    let seen = digest.perKind.count
    return "\(Numbers.grouped(digest.anomalies)) of \(units) (\(Numbers.percent(share))) "
      + "\(digest.anomalies == 1 ? "is" : "are") anomalous, of \(Numbers.count(seen, "kind"))."
      + mostFrequent(digest)
  }

  private func mostFrequent(_ digest: FindingsDigest) -> String {
    let known = kinds.kinds.filter { digest.perKind[$0.id] != nil }
    guard known.count > 1,
      let top = known.max(by: {
        digest.perKind[$0.id, default: 0] < digest.perKind[$1.id, default: 0]
      })
    else { return "" }
    return " The most frequent is \(top.title)."
  }

  private var facts: String {
    var tiles: [(String, String, String)] = []
    if let digest {
      tiles.append(
        (
          "\(model.unitNoun.capitalizedFirst)s read", Numbers.grouped(digest.units),
          digest.open > 0 ? "\(Numbers.grouped(digest.open)) anomalous ones still open" : ""
        ))
      tiles.append(("Anomalous", Numbers.grouped(digest.anomalies), ""))
    }
    tiles.append(
      (
        "Kinds of anomaly", "\(anomalousKinds.count)",
        "\(kinds.kinds.count - anomalousKinds.count) normal"
      ))
    if let threshold = model.threshold {
      let rate =
        threshold.upperBound.map { "false alarms at most \(Numbers.percent($0)), 95 %" } ?? ""
      tiles.append(("Threshold", Numbers.fixed(threshold.score, 2) + " nats", rate))
    }
    if let silhouette = kinds.silhouette {
      tiles.append(("Mean silhouette", Numbers.fixed(silhouette), "1 is best"))
    }
    if let sessions = model.sessions {
      tiles.append(
        (
          "Learned from", Numbers.grouped(sessions.normal),
          "normal, \(Numbers.grouped(sessions.mixed)) unlabelled"
        ))
    }
    let body = tiles.map { title, value, detail in
      "<div><dt>\(HTMLText.escape(title))</dt><dd>\(HTMLText.escape(value))"
        + (detail.isEmpty ? "" : "<small>\(HTMLText.escape(detail))</small>") + "</dd></div>"
    }
    return "<dl class=\"facts\">\(body.joined())</dl>"
  }

  private var warnings: String {
    (model.warnings ?? []).map { "<p class=\"note\">\(HTMLText.escape($0))</p>" }.joined(
      separator: "\n")
  }

  private var sizes: String {
    guard !kinds.kinds.isEmpty else { return "" }
    let counts = kinds.kinds.map { digest?.perKind[$0.id] ?? 0 }
    let isFromInput = digest != nil
    var entries = zip(kinds.kinds, counts).map { (kind: $0, units: isFromInput ? $1 : $0.size) }
    if isFromInput {
      entries = entries.filter { $0.units > 0 }.sorted { $1.units < $0.units }
    }
    let largest = Double(entries.map(\.units).max() ?? 1)
    let total = entries.reduce(0) { $0 + $1.units }
    let rows = entries.map { entry in
      let share = total > 0 ? Double(entry.units) / Double(total) : 0
      let label = "\(entry.kind.title): \(Numbers.grouped(entry.units))"
      return """
        <li><a href="#\(HTMLText.escape(entry.kind.id))">\(HTMLText.escape(entry.kind.title))</a>\
        \(ReportCharts.bar(Double(entry.units) / max(1, largest), cssClass: entry.kind.nature, label: label))\
        <span class="number">\(Numbers.grouped(entry.units)) (\(Numbers.percent(share)))</span></li>
        """
    }
    let unknown = digest?.perKind["unknown"] ?? 0
    let rest =
      unknown > 0
      ? "<p class=\"soft\">\(Numbers.count(unknown, "anomalous \(model.unitNoun)")) resembled no known kind.</p>"
      : ""
    return section(
      "sizes", isFromInput ? "What the input held" : "How large the kinds are",
      isFromInput
        ? "Anomalous \(model.unitNoun)s of each kind."
        : "\(model.unitNoun.capitalizedFirst)s of each kind in training.",
      "<ol class=\"sizes\">\(rows.joined(separator: "\n"))</ol>\(rest)")
  }

  private var cards: String {
    guard !kinds.kinds.isEmpty else { return "" }
    let order = anomalousKinds + kinds.kinds.filter(\.normal)
    let articles = order.map { ReportKindCard(kind: $0, unitNoun: model.unitNoun).html() }
    return section(
      "kinds", "The kinds", "What sets each apart, and sequences as they were seen.",
      "<div class=\"kinds\">\(articles.joined(separator: "\n"))</div>")
  }

  private var findings: String {
    guard let digest, digest.anomalies > 0 else { return "" }
    let top = digest.top
    let rows = top.map { ReportFinding(finding: $0).html() }
    let shown =
      top.count < digest.anomalies
      ? "The \(top.count) with the highest scores of \(Numbers.grouped(digest.anomalies))."
      : "All of them, highest score first."
    return section(
      "findings", "The most anomalous findings", shown,
      "<div class=\"findings\">\(rows.joined(separator: "\n"))</div>")
  }

  private var curve: String {
    guard let clustering = model.clustering, let points = clustering.curve, points.count > 1 else {
      return ""
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
    return section(
      "curve", "How the number of kinds was found",
      "Each candidate number of kinds, judged by how well its groups are parted and how well they hold when the data are reshuffled.",
      body)
  }

  private var classifier: String {
    guard let classifier = model.classifier, !(classifier.rows ?? []).isEmpty else { return "" }
    let heldOut =
      classifier.heldOut.map {
        "\(Numbers.count($0, "distinct sequence")) that it was not trained on"
      } ?? "sequences that it was not trained on"
    let guess =
      classifier.constantGuess.map {
        "; always guessing the most frequent kind gives \(Numbers.fixed($0, 3))"
      } ?? ""
    return section(
      "classifier", "How well the classifier tells the kinds",
      "Agreement with the kinds found by clustering, on \(heldOut). Balanced accuracy \(Numbers.fixed(classifier.balancedAccuracy, 3))\(guess).",
      metrics(classifier, heading: "Kind"))
  }

  private var truth: String {
    guard let evaluation else { return "" }
    var body = ""
    if let detection = evaluation.detection?.all {
      body += table(
        ["Detection", "precision", "recall", "F1", "false-positive rate", "AUC"],
        [
          [
            "anomalous or not", Numbers.fixed(detection.precision, 3),
            Numbers.fixed(detection.recall, 3),
            Numbers.fixed(detection.f1, 3), Numbers.percent(detection.falsePositiveRate, 2),
            Numbers.fixed(detection.auc, 3),
          ]
        ])
    }
    if let kinds = evaluation.kinds?.all {
      body += table(
        [
          "Kinds", "ARI", "NMI", "V-measure", "purity", "macro-F1 by majority",
          "macro-F1 one to one",
        ],
        [
          [
            "\(kinds.found ?? 0) found, \(kinds.trueKinds ?? 0) true", Numbers.fixed(kinds.ari, 3),
            Numbers.fixed(kinds.nmi, 3),
            Numbers.fixed(kinds.vMeasure, 3), Numbers.fixed(kinds.purity, 3),
            Numbers.fixed(kinds.macroF1Majority, 3),
            Numbers.fixed(kinds.macroF1OneToOne, 3),
          ]
        ])
      if let rows = evaluation.kinds?.perTrueKind, !rows.isEmpty {
        body += table(["True kind", "precision", "recall", "F1", "support"], rows.map(cells))
      }
    }
    return section(
      "truth", "Against the truth",
      "\(Numbers.grouped(evaluation.scored)) of \(Numbers.grouped(evaluation.units)) units have a known truth.",
      body)
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

  private func section(_ id: String, _ title: String, _ introduction: String, _ body: String)
    -> String
  {
    """
    <section aria-labelledby="section-\(id)">
    <h2 id="section-\(id)">\(HTMLText.escape(title))</h2>
    <p class="soft">\(HTMLText.escape(introduction))</p>
    \(body)
    </section>
    """
  }
}

extension String {
  /// The text with its first letter in capital.
  fileprivate var capitalizedFirst: String {
    prefix(1).uppercased() + dropFirst()
  }
}
