import ArgumentParser

/// Writes the HTML report.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a report as one HTML page that needs no network.",
    usage: "birchlog report [<options>] --model <model> [<input> ...] --output <html>",
    discussion: """
      The page shows the kinds with their evidence and samples and how their number was found; with inputs also when they \
      came, which are alike, and why the most anomalous ones are; with a truth how well they were found. It holds samples and \
      stays under 2 MB.

      Example:
        birchlog report -m service.birchlog today.log -o report.html
      """)

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model file.", valueName: "model"),
    completion: .file())
  var model: String

  @Argument(help: "Logs whose findings are shown; '-' is standard input.", completion: .file())
  var input: [String] = []

  @Option(help: ArgumentHelp("CSV file of the true kinds, as for eval.", valueName: "csv"))
  var truth: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The page to write; '-' is standard output.", valueName: "html"))
  var output: String

  @OptionGroup(title: "Reading (default: as the model was trained)") var reading: ReadingOptions

  @Flag(name: .shortAndLong, help: "No progress; warnings and errors only.")
  var quiet = false

  func validate() throws {
    if truth != nil && input.isEmpty {
      throw ValidationError("--truth needs the logs it speaks of; name them as inputs.")
    }
    if truth != nil && input.contains("-") {
      throw ValidationError("--truth reads its inputs twice; name files, not standard input.")
    }
  }

  func run() throws {
    var text = OptionsText()
    if reading.value(of: "line_memory") == nil { text.set("line_memory", Explain.lineMemory) }
    let options = try reading.json(text)
    try OutputFile.check(output, apartFrom: input + [model, truth])
    let model = try Model.load(self.model)
    var evaluation: EvaluationDocument?
    if let truth {
      let json = try model.evaluateJSON(truth: truth, input, options: options)
      evaluation = try Documents.decode(EvaluationDocument.self, from: json)
    }
    var digest: ReportDigest?
    var statistics: StatisticsDocument?
    if !input.isEmpty {
      let taken = ReportDigest()
      let stream = try Stream(model, options: options)
      let progress = InputProgress("Reading the logs", input, quiet: quiet)
      defer { progress.clear() }
      try stream.classify(input) {
        try taken.take($0)
        progress.show(units: taken.units, noun: "unit")
      }
      statistics = try Documents.decode(
        StatisticsDocument.self, from: stream.statisticsJSON())
      digest = taken
    }
    let page = ReportPage(
      model: try model.describe(), kinds: try model.kinds(), inputs: input, digest: digest,
      statistics: statistics, evaluation: evaluation)
    try OutputFile.write(page.text(), to: output)
  }
}
