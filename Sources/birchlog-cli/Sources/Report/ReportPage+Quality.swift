extension ReportPage {
  /// How well the classifier agrees with the kinds that it learned.
  var classifier: String {
    guard let classifier = model.classifier, !(classifier.rows ?? []).isEmpty else {
      return "<p class=\"soft\">The model has no classifier: it knows fewer than two kinds.</p>"
    }
    let heldOut =
      classifier.heldOut.map {
        "\(Numbers.count($0, "distinct sequence")) that it was not trained on"
      } ?? "sequences that it was not trained on"
    let guess =
      classifier.constantGuess.map {
        "; always guessing one kind gives \(Numbers.fixed($0, 3))"
      } ?? ""
    return """
      <h3>The classifier against the kinds found by clustering</h3>
      <p class="soft">On \(heldOut). Balanced accuracy \(Numbers.fixed(classifier.balancedAccuracy, 3))\(guess).</p>
      \(metrics(classifier, heading: "Kind"))
      """
  }

  /// Detection and kinds against the truth, where one is given.
  var truth: String {
    guard let evaluation else { return "" }
    var body =
      "<h3>Against the truth</h3><p class=\"soft\">\(Numbers.grouped(evaluation.scored)) of \(Numbers.grouped(evaluation.units)) units have a known truth.</p>"
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
        body += table(
          ["True kind", "precision", "recall", "F1", "support"], rows.map { [$0.kind] + $0.figures }
        )
      }
    }
    return body
  }
}
