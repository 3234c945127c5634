import ArgumentParser

/// Compares verdicts with the truth.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Compare the verdicts on logs with the truth.",
    discussion: """
      The truth is a CSV file: a header, then lines of id,kind with 'normal' for normal. Units without a truth are counted \
      and not scored; kinds are scored over the truly anomalous units.

      Example:
        birchlog eval -m service.birchlog --truth truth.csv mixed.log
      """)

  @Option(name: .shortAndLong, help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("CSV file of the true kinds.", valueName: "csv"))
  var truth: String

  @Argument(help: "Logs to classify; '-' is standard input.")
  var input: [String]

  @OptionGroup(title: "Reading (default: as the model was trained)") var reading: ReadingOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let options = try reading.json()
    let model = try Model.load(self.model)
    let json = try model.evaluateJSON(truth: truth, input, options: options)
    if output.isForPeople {
      let view = EvaluationView(
        evaluation: try Documents.decode(EvaluationDocument.self, from: json),
        model: try model.describe())
      StandardOutput.shared.write(view.text(for: .standardOutput))
    } else {
      StandardOutput.shared.write(json + "\n")
    }
  }
}
