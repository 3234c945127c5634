/// How the verdicts compare with the truth, as text.
struct EvaluationView {
  let evaluation: EvaluationDocument
  let model: ModelDocument

  /// Detection, kinds, the confusion table and the paper's table.
  func text(for terminal: Terminal) -> String {
    var text = counts + "\n"
    if let detection = evaluation.detection { text += "\n" + self.text(detection, terminal) }
    if let rows = evaluation.baselines, !rows.isEmpty {
      text += "\n" + baselines(rows, terminal)
    }
    if let kinds = evaluation.kinds {
      text += "\n" + self.text(kinds, terminal)
      if let rows = kinds.perTrueKind, !rows.isEmpty {
        text += "\n" + heading("Each true kind, every found kind read as its majority", terminal)
        text += perKind(rows, terminal)
      }
      if let rows = kinds.confusion, !rows.isEmpty {
        text += "\n" + heading("What each found kind holds", terminal) + confusion(rows, terminal)
      }
    }
    if let points = evaluation.prefixes?.points, !points.isEmpty {
      text += "\n" + prefixes(points, terminal)
    }
    if let classifier = evaluation.classifier, !(classifier.rows ?? []).isEmpty {
      text += "\n" + heading("The classifier's verdicts, kinds named by their majority", terminal)
      text += MetricsView(metrics: classifier, heading: "kind").text(for: terminal)
    }
    let published = PublishedResult(model: model).text(for: terminal, evaluation: evaluation)
    return text + (published.isEmpty ? "" : "\n" + published)
  }

  private var figures: EvaluationFigures { EvaluationFigures(evaluation) }

  private var counts: String {
    var text =
      "\(Numbers.count(evaluation.units ?? 0, "unit")), \(Numbers.grouped(evaluation.scored ?? 0)) scored"
    if let without = evaluation.withoutTruth, without > 0 {
      text += ", \(Numbers.grouped(without)) without a truth"
    }
    return text
  }

  private func text(_ detection: EvaluationDocument.Detection, _ terminal: Terminal) -> String {
    let all = detection.all
    var text = heading("Detection", terminal) + table(figures.detection, terminal)
    text +=
      "  true / false positives \(pair(all.truePositives, all.falsePositives)), true / false negatives \(pair(all.trueNegatives, all.falseNegatives))\n"
    if let projected = detection.projected {
      text +=
        "  where \(Numbers.percent(projected.prevalence, 2)) are anomalous: precision \(Numbers.fixed(projected.precision, 4)), F1 \(Numbers.fixed(projected.f1, 4))\n"
    }
    return text
  }

  /// The model's figures stand first, for comparison.
  private func baselines(
    _ rows: [EvaluationDocument.Baseline], _ terminal: Terminal
  ) -> String {
    var table = Table([
      .init(title: "detector", isFlexible: true), .init(title: "precision", isNumeric: true),
      .init(title: "recall", isNumeric: true), .init(title: "F1", isNumeric: true),
      .init(title: "false positives", isNumeric: true), .init(title: "AUC", isNumeric: true),
    ])
    func add(_ name: String, _ detected: EvaluationDocument.Detected) {
      table.add([
        name, Numbers.fixed(detected.precision, 4), Numbers.fixed(detected.recall, 4),
        Numbers.fixed(detected.f1, 4), Numbers.percent(detected.falsePositiveRate, 2),
        Numbers.fixed(detected.auc, 4),
      ])
    }
    if let detection = evaluation.detection { add("this model", detection.all) }
    for row in rows { add(row.name, row.detected) }
    return heading("Simple detectors on the same units", terminal)
      + table.text(width: terminal.width, indent: 2, terminal: terminal)
  }

  private func prefixes(
    _ points: [EvaluationDocument.Prefixes.Point], _ terminal: Terminal
  ) -> String {
    var table = Table([
      .init(title: "events seen", isNumeric: true),
      .init(title: "found anomalous", isNumeric: true),
      .init(title: "final kind", isNumeric: true), .init(title: "unknown kind", isNumeric: true),
      .init(title: "calibration error", isNumeric: true),
    ])
    for point in points {
      table.add([
        Numbers.percent(point.share), Numbers.percent(point.found),
        Numbers.percent(point.agreement),
        Numbers.percent(point.unknown), Numbers.fixed(point.calibrationError, 4),
      ])
    }
    let units = Numbers.count(evaluation.prefixes?.units ?? 0, "distinct anomalous session")
    return heading("Beginnings of \(units)", terminal)
      + table.text(width: terminal.width, indent: 2, terminal: terminal)
  }

  private func text(_ kinds: EvaluationDocument.Kinds, _ terminal: Terminal) -> String {
    heading("Kinds, over \(Numbers.count(kinds.all.scored ?? 0, "anomalous unit"))", terminal)
      + "  found / true kinds \(pair(kinds.all.found, kinds.all.trueKinds))\n"
      + table(figures.kinds, terminal)
  }

  /// A row a figure; columns that no figure has are left out.
  private func table(_ rows: [EvaluationFigures.Row], _ terminal: Terminal) -> String {
    func number(_ value: Double?, _ row: EvaluationFigures.Row) -> String {
      row.isShare ? Numbers.percent(value, 2) : Numbers.fixed(value, 4)
    }
    let columns: [(title: String, text: (EvaluationFigures.Row) -> String, isThere: Bool)] = [
      ("value", { number($0.all, $0) }, true),
      (
        "95 % interval",
        { row in
          row.interval.flatMap {
            $0.count == 2 ? "\(number($0[0], row)) – \(number($0[1], row))" : nil
          } ?? ""
        }, rows.contains { $0.interval != nil }
      ),
      ("distinct units", { number($0.distinct, $0) }, rows.contains { $0.distinct != nil }),
      ("kinds joined", { number($0.joined, $0) }, rows.contains { $0.joined != nil }),
    ].filter(\.isThere)
    var table = Table(
      [.init(title: "measure")] + columns.map { .init(title: $0.title, isNumeric: true) })
    for row in rows { table.add([row.title] + columns.map { $0.text(row) }) }
    return table.text(width: terminal.width, indent: 2, terminal: terminal)
  }

  private func perKind(_ rows: [MetricsTable.Row], _ terminal: Terminal) -> String {
    var table = Table([
      .init(title: "true kind", isFlexible: true), .init(title: "precision", isNumeric: true),
      .init(title: "recall", isNumeric: true), .init(title: "F1", isNumeric: true),
      .init(title: "support", isNumeric: true),
    ])
    for row in rows {
      table.add([
        row.kind, Numbers.fixed(row.precision), Numbers.fixed(row.recall), Numbers.fixed(row.f1),
        Numbers.grouped(row.support.map { Int($0) }),
      ])
    }
    return table.text(width: terminal.width, indent: 2, terminal: terminal)
  }

  /// The table has a row a found kind; true kinds stand inside the row, because a column each would not fit.
  private func confusion(_ rows: [EvaluationDocument.ConfusionRow], _ terminal: Terminal) -> String
  {
    var table = Table([
      .init(title: "found"), .init(title: "units", isNumeric: true),
      .init(title: "true kinds", isFlexible: true),
    ])
    for row in rows {
      let parts = row.counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      table.add([
        row.kind, Numbers.grouped(parts.reduce(0) { $0 + $1.value }),
        parts.map { "\($0.key) \(Numbers.grouped($0.value))" }.joined(separator: ", "),
      ])
    }
    return table.text(width: terminal.width, indent: 2, terminal: terminal)
  }

  private func heading(_ text: String, _ terminal: Terminal) -> String {
    terminal.paint(text, .bold) + "\n"
  }

  private func pair(_ first: Int?, _ second: Int?) -> String {
    "\(Numbers.grouped(first)) / \(Numbers.grouped(second))"
  }
}
