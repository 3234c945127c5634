/// How the verdicts compare with the truth, as text.
struct EvaluationView {
  let evaluation: EvaluationDocument
  let model: ModelDocument

  /// Detection, kinds, the confusion table and the paper's table.
  func text(for terminal: Terminal) -> String {
    var text = counts + "\n"
    if let detection = evaluation.detection { text += "\n" + self.text(detection, terminal) }
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
    if let classifier = evaluation.classifier, !(classifier.rows ?? []).isEmpty {
      text += "\n" + heading("The classifier's verdicts, kinds named by their majority", terminal)
      text += MetricsView(metrics: classifier, heading: "kind").text(for: terminal)
    }
    let published = PublishedResult(model: model).text(for: terminal, evaluation: evaluation)
    return text + (published.isEmpty ? "" : "\n" + published)
  }

  private var counts: String {
    var text =
      "\(Numbers.count(evaluation.units ?? 0, "unit")), \(Numbers.grouped(evaluation.scored ?? 0)) scored"
    if let without = evaluation.withoutTruth, without > 0 {
      text += ", \(Numbers.grouped(without)) without a truth"
    }
    return text
  }

  private func text(_ detection: EvaluationDocument.Detection, _ terminal: Terminal) -> String {
    var table = Table([.init(title: "measure"), .init(title: "value", isNumeric: true)])
    table.add(["precision", Numbers.fixed(detection.precision, 4)])
    table.add(["recall", Numbers.fixed(detection.recall, 4)])
    table.add(["F1", Numbers.fixed(detection.f1, 4)])
    table.add(["false-positive rate", Numbers.percent(detection.falsePositiveRate, 2)])
    table.add(["AUC", Numbers.fixed(detection.auc, 4)])
    table.add(["true / false positives", pair(detection.truePositives, detection.falsePositives)])
    table.add(["true / false negatives", pair(detection.trueNegatives, detection.falseNegatives)])
    return heading("Detection", terminal)
      + table.text(width: terminal.width, indent: 2, terminal: terminal)
  }

  private func text(_ kinds: EvaluationDocument.KindMetrics, _ terminal: Terminal) -> String {
    var table = Table([.init(title: "measure"), .init(title: "value", isNumeric: true)])
    table.add(["found / true kinds", pair(kinds.found, kinds.trueKinds)])
    table.add(["adjusted Rand index", Numbers.fixed(kinds.ari, 4)])
    table.add(["normalised mutual information", Numbers.fixed(kinds.nmi, 4)])
    table.add(["V-measure", Numbers.fixed(kinds.vMeasure, 4)])
    table.add(["homogeneity", Numbers.fixed(kinds.homogeneity, 4)])
    table.add(["completeness", Numbers.fixed(kinds.completeness, 4)])
    table.add(["purity", Numbers.fixed(kinds.purity, 4)])
    table.add(["macro-F1, one to one", Numbers.fixed(kinds.macroF1OneToOne, 4)])
    table.add(["macro-F1, by majority", Numbers.fixed(kinds.macroF1Majority, 4)])
    return heading("Kinds, over \(Numbers.count(kinds.scored ?? 0, "anomalous unit"))", terminal)
      + table.text(width: terminal.width, indent: 2, terminal: terminal)
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
