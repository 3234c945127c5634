import ArgumentParser

/// Writes the HTML report.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a report as one HTML page that needs no network.",
    discussion: """
      The page shows the kinds with their evidence and samples and how their number was found; with inputs also the most \
      anomalous findings, with a truth also how well they were found.

      Example:
        birchlog report -m service.birchlog today.log -o report.html
      """)

  @Option(name: .shortAndLong, help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Argument(help: "Logs whose findings are shown; '-' is standard input.")
  var input: [String] = []

  @Option(help: ArgumentHelp("CSV file of the true kinds, as for eval.", valueName: "csv"))
  var truth: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("The page to write.", valueName: "html"))
  var output: String

  @OptionGroup(title: "Reading (default: as the model was trained)") var reading: ReadingOptions

  func validate() throws {
    if truth != nil && input.isEmpty {
      throw ValidationError("--truth needs the logs it speaks of; name them as inputs.")
    }
    if truth != nil && input.contains("-") {
      throw ValidationError("--truth reads its inputs twice; name files, not standard input.")
    }
  }

  func run() throws {
    let options = try reading.json()
    try OutputFile.check(output)
    let model = try Model.load(self.model)
    var evaluation: EvaluationDocument?
    if let truth {
      let json = try model.evaluateJSON(truth: truth, input, options: options)
      evaluation = try Documents.decode(EvaluationDocument.self, from: json)
    }
    let digest = FindingsDigest()
    if !input.isEmpty {
      try model.classify(input, options: options) { try digest.take($0) }
    }
    let page = ReportPage(
      model: try model.describe(), kinds: try model.kinds(), inputs: input,
      digest: input.isEmpty ? nil : digest, evaluation: evaluation)
    try OutputFile.write(page.html(), to: output)
  }
}
