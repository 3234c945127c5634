/// What a training tells at its end, on standard error.
struct TrainingSummary {
  let model: Model
  let path: String

  /// Writes the summary and the warnings; with `quiet` the warnings only.
  func write(quiet: Bool) throws {
    let terminal = Terminal.standardError
    let document = try model.describe()
    if !quiet {
      let kinds = try model.kinds()
      var text = "Wrote \(DisplayText.clean(path)).\n"
      text += ModelView(model: document, kinds: kinds, path: path).facts
      let view = KindsView(kinds: kinds, model: document, samples: 0)
      if !kinds.kinds.isEmpty { text += "\n" + view.overview(for: terminal, indent: 2) }
      if let classifier = document.classifier, classifier.isTelling {
        text +=
          "\n  " + terminal.paint("The classifier on sequences it was not trained on", .bold) + "\n"
        text += MetricsView(metrics: classifier, heading: "kind").text(for: terminal)
        text += PublishedResult(model: document).text(for: terminal)
      }
      StandardError.write(text)
    }
    for warning in document.warnings ?? [] {
      StandardError.write("birchlog: warning: \(DisplayText.clean(warning))\n")
    }
  }
}
