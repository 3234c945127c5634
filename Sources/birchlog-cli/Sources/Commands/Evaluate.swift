import ArgumentParser

/// Compares verdicts with the truth.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Compare the verdicts on logs with the truth.",
    discussion: """
      The truth is a CSV file: a header, then lines of id,kind with 'normal' for normal. Units without a truth are counted \
      and not scored; kinds are scored over the truly anomalous units.

      Examples:
        birchlog eval -m service.birchlog --truth truth.csv mixed.log
        birchlog eval -m service.birchlog --truth truth.csv --join disk_full,quota_exceeded --baselines \
          --prevalence 0.01 --csv figures.csv mixed.log
      """)

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model file.", valueName: "model"),
    completion: .file())
  var model: String

  @Option(help: ArgumentHelp("CSV file of the true kinds.", valueName: "csv"))
  var truth: String

  @Option(
    help: ArgumentHelp(
      "True kinds that are read as one, in figures beside the others; may be given several times.",
      valueName: "kind,kind"))
  var join: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Project precision and F1 to this share of anomalous units.", valueName: "share"))
  var prevalence: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Random resamples behind the 95 % intervals (200); 0 for none.", valueName: "n"))
  var resamples: Int?

  @Flag(
    help: "Score simple detectors too: new event, session length, new count vector, top-g.")
  var baselines = false

  @Flag(help: "Classify beginnings of anomalous sessions too: how early the kind is known.")
  var prefixes = false

  @Option(help: ArgumentHelp("Write every figure to a CSV file too.", valueName: "file"))
  var csv: String?

  @Argument(help: "Logs to classify; '-' is standard input.", completion: .file())
  var input: [String]

  @OptionGroup(title: "Reading (default: as the model was trained)") var reading: ReadingOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    var asked = OptionsText()
    asked.set("join", groups: join.map { $0.split(separator: ",").map(String.init) })
    asked.set("prevalence", prevalence)
    asked.set("resamples", resamples)
    if baselines { asked.set("baselines", true) }
    if prefixes { asked.set("prefixes", true) }
    let options = try reading.json(asked)
    try OutputFile.check(csv, apartFrom: input + [model, truth])
    let model = try Model.load(self.model)
    let json = try model.evaluateJSON(truth: truth, input, options: options)
    let evaluation = try Documents.decode(EvaluationDocument.self, from: json)
    if let csv { try OutputFile.write(EvaluationFigures(evaluation).csv, to: csv) }
    if output.isForPeople {
      let view = EvaluationView(evaluation: evaluation, model: try model.describe())
      StandardOutput.shared.write(view.text(for: .standardOutput))
    } else {
      StandardOutput.shared.write(json + "\n")
    }
  }
}
