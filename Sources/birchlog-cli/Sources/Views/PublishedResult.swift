/// The figures of the paper whose recipe `--preset paper` follows, beside those of a model trained that way.
struct PublishedResult {
  /// Accuracy of the paper's classifier over its four classes.
  static let accuracy = 0.85
  /// Windows the paper scored.
  static let support = 31_460

  let model: ModelDocument

  /// True when the comparison means something for this model.
  var applies: Bool { model.options?.preset == "paper" && model.classifier?.accuracy != nil }

  /// What both figures say; with `evaluation` also what this model is worth against the true kinds.
  func text(for terminal: Terminal, evaluation: EvaluationDocument? = nil) -> String {
    guard applies else { return "" }
    var text =
      "Accuracy of the recipe: \(Numbers.fixed(Self.accuracy)) published over "
      + "\(Numbers.grouped(Self.support)) windows, \(Numbers.fixed(model.classifier?.accuracy)) here. "
      + "Both measure how well the classifier repeats the clusters, not whether the clusters are the true kinds."
    if let kinds = evaluation?.kinds?.all {
      text +=
        " Against the true kinds this model reaches macro-F1 \(Numbers.fixed(kinds.macroF1Majority))"
        + " with every cluster read as its majority, ARI \(Numbers.fixed(kinds.ari))"
      if let accuracy = evaluation?.classifier?.accuracy {
        text += ", accuracy \(Numbers.fixed(accuracy))"
      }
      text += "; the paper has no such figure."
    } else {
      text += " birchlog eval compares with the true kinds."
    }
    return DisplayText.wrap(text, to: terminal.width - 2).map { "  " + $0 + "\n" }.joined()
  }
}
