/// The cluster analysis: every kind with its share, its reading and decoded samples, then the classifier's table.
struct KindsView {
  let kinds: KindsDocument
  let model: ModelDocument
  /// Samples shown for each kind.
  let samples: Int

  /// The analysis as text.
  func text(for terminal: Terminal) -> String {
    var text = kinds.kinds.isEmpty ? "The model knows no kinds.\n" : ""
    if !kinds.kinds.isEmpty { text += overview(for: terminal, indent: 0) + "\n" }
    if samples > 0 { for kind in kinds.kinds { text += section(kind, terminal) + "\n" } }
    if let silhouette = kinds.silhouette, !kinds.kinds.isEmpty {
      text +=
        "Mean silhouette \(Numbers.fixed(silhouette, 3)) over \(Numbers.count(kinds.kinds.count, "kind")).\n"
    }
    for retired in kinds.retired ?? [] {
      let name = retired.name.map { " (\(DisplayText.clean($0)))" } ?? ""
      text +=
        "\(retired.id)\(name) "
        + (retired.into.map { "became part of \($0)" } ?? "was not found again") + ".\n"
    }
    if let classifier = model.classifier, classifier.isTelling {
      text +=
        "\n" + terminal.paint("The classifier on sequences it was not trained on", .bold) + "\n"
      text += MetricsView(metrics: classifier, heading: "kind", names: names).text(for: terminal)
      text += PublishedResult(model: model).text(for: terminal)
    }
    return text
  }

  /// One line a kind, for summaries.
  func overview(for terminal: Terminal, indent: Int) -> String {
    let hasTimes = kinds.kinds.contains { $0.seen != nil }
    let zone = kinds.kinds.allSatisfy { $0.timeLacks != nil || $0.seen == nil } ? "" : ", UTC"
    // The reading needs the room more than the times do.
    let times: [(title: String, of: (KindsDocument.Kind) -> String?)] =
      switch terminal.width {
      case _ where !hasTimes: []
      case 100...: [("first seen" + zone, { $0.firstSeen }), ("last seen" + zone, { $0.lastSeen })]
      case 70...: [("last seen" + zone, { $0.lastSeen })]
      default: []
      }
    var table = Table(
      [
        .init(title: "kind", isFlexible: true), .init(title: ""),
        .init(title: "units", isNumeric: true), .init(title: "share", isNumeric: true),
      ] + times.map { .init(title: $0.title) } + [.init(title: "reading", isFlexible: true)])
    for kind in kinds.kinds {
      let seen = times.map { kind.time($0.of(kind))?.minute ?? "" }
      table.add(
        [kind.title, kind.nature, Numbers.grouped(kind.size), Numbers.percent(kind.share)]
          + seen + [kind.reading ?? ""])
    }
    return table.text(width: terminal.width, indent: indent, terminal: terminal)
  }

  private var names: [String: String] {
    var names: [String: String] = [:]
    for kind in kinds.kinds { names[kind.id] = kind.name }
    return names
  }

  func section(_ kind: KindsDocument.Kind, _ terminal: Terminal) -> String {
    let colour: Colour =
      kind.normal || kind.marked == true ? .green : (kind.candidate == true ? .yellow : .red)
    var facts = ["\(Numbers.count(kind.size, model.unitNoun)) (\(Numbers.percent(kind.share)))"]
    if let distinct = kind.distinct { facts.append("\(Numbers.grouped(distinct)) distinct") }
    if let open = kind.openShare, open > 0, !kind.normal {
      facts.append("\(Numbers.percent(open, 0)) still open")
    }
    if let silhouette = kind.silhouette { facts.append("silhouette \(Numbers.fixed(silhouette))") }
    var text = terminal.paint(DisplayText.clean(kind.title), .bold) + "  "
    text += terminal.paint(kind.nature, colour) + "  " + facts.joined(separator: ", ") + "\n"
    for line in DisplayText.wrap(DisplayText.clean(kind.reading ?? ""), to: terminal.width - 2)
    where !line.isEmpty {
      text += "  " + line + "\n"
    }
    for sample in (kind.samples ?? []).prefix(samples) { text += sampleText(sample, terminal) }
    return text
  }

  private func sampleText(_ sample: KindsDocument.Sample, _ terminal: Terminal) -> String {
    let heading =
      "sample \(DisplayText.clean(sample.session ?? ""))"
      + (sample.count.map { "  ×\(Numbers.grouped($0))" } ?? "")
    var text = "    " + terminal.paint(heading, .faint) + "\n"
    for step in SampleSteps(sample).shown(around: 10) {
      switch step {
      case .gap(let count):
        text += "      " + terminal.paint("… \(Numbers.count(count, "event"))", .faint) + "\n"
      case .event(let event, let template, let repeats, let isDecisive):
        var line = (isDecisive ? "    > " : "      ") + (event >= 0 ? "E\(event) " : "")
        line += DisplayText.clean(template) + (repeats > 1 ? "  ×\(repeats)" : "")
        // The end of a long template may be what tells it from others.
        let words = String(line.dropFirst(6))
        let rows = isDecisive ? DisplayText.wrap(words, to: terminal.width - 8) : [words]
        for (index, row) in rows.enumerated() {
          let head = index > 0 ? "        " : String(line.prefix(6))
          let shown = DisplayText.truncate(head + row, to: terminal.width)
          text += (isDecisive ? terminal.paint(shown, .yellow) : shown) + "\n"
        }
      }
    }
    return text
  }
}
