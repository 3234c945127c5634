/// One finding as a line of the report that opens to its evidence.
struct ReportFinding {
  let finding: FindingDocument

  /// The line with its evidence.
  func html() -> String {
    var session = finding.session
    if let window = finding.window { session += " #\(window)" }
    let kind = finding.name.map { "\(finding.kind) \($0)" } ?? finding.kind
    return """
      <details><summary><span class="log">\(HTMLText.escape(session))</span><span class="kind">\(HTMLText.escape(kind))</span>\
      <span class="number score">\(Numbers.fixed(finding.score, 1)) nats</span><span class="why log">\(HTMLText.escape(finding.reason))</span></summary>
      <div class="inside">\(place)\(evidence)\(missing)</div></details>
      """
  }

  private var place: String {
    var parts: [String] = []
    if let source = finding.source { parts.append(source) }
    if let lines = finding.lines, let first = lines.first, let last = lines.last {
      parts.append(first == last ? "line \(first)" : "lines \(first) to \(last)")
    }
    if let events = finding.events { parts.append(Numbers.count(events, "event")) }
    if let confidence = finding.confidence {
      parts.append("the classifier is \(Numbers.percent(confidence, 0)) sure")
    }
    if finding.open == true { parts.append("still open when the input ended") }
    return "<p class=\"soft\">\(HTMLText.escape(parts.joined(separator: ", ")))</p>"
  }

  private var evidence: String {
    guard let evidence = finding.evidence, !evidence.isEmpty else { return "" }
    let items = evidence.prefix(3).map { item in
      var text =
        "<li><code>\(HTMLText.escape(item.text ?? item.template))</code><br><span class=\"soft\">"
      var facts: [String] = []
      if let line = item.line { facts.append("line \(line)") }
      if item.unseen == true {
        facts.append("never seen in normal logs")
      } else if let probability = item.probability {
        facts.append("expected with \(Numbers.probability(probability))")
      }
      text += HTMLText.escape(facts.joined(separator: ", "))
      if let expected = item.expected?.first {
        text +=
          "; instead, \(Numbers.probability(expected.probability)): </span><code>\(HTMLText.escape(expected.template))</code>"
      } else {
        text += "</span>"
      }
      return text + "</li>"
    }
    return "<ul>\(items.joined(separator: "\n"))</ul>"
  }

  private var missing: String {
    guard let missing = finding.missing, !missing.isEmpty else { return "" }
    let items = missing.prefix(3).map {
      "<li><code>\(HTMLText.escape($0.template))</code> <span class=\"soft\">(in \(Numbers.percent($0.expectedShare, 0)) of normal ones)</span></li>"
    }
    return "<p class=\"soft\">Missing</p><ul>\(items.joined(separator: "\n"))</ul>"
  }
}
