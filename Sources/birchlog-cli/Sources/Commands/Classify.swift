import ArgumentParser

/// Names the kind of every session of a log.
struct Classify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Name the kind of every session or window of a log.",
    discussion: """
      Prints one JSON object for every session, normal ones too, in the order in which they end; on a terminal a table of \
      the anomalous ones. Without input files standard input is read, to its end; birchlog watch follows a log that grows. \
      With --fail-on-anomaly the exit status is 1 when there is an anomaly, and 3 when nothing could be judged.

      Examples:
        birchlog classify -m service.birchlog today.log
        journalctl -o cat | birchlog classify -m it.birchlog --fail-on-anomaly
      """)

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model file.", valueName: "model"),
    completion: .file())
  var model: String

  @Argument(help: "Logs to classify; '-' is standard input.", completion: .file())
  var input: [String] = []

  @OptionGroup(title: "Reading (default: as the model was trained)") var reading: ReadingOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Flag(help: "List normal sessions in the table too.")
  var all = false

  @Flag(help: "Give every anomalous session all its reasons, as explain does; JSON only.")
  var explain = false

  @Flag(help: "Exit with status 1 when an anomaly is found, 3 when nothing could be judged.")
  var failOnAnomaly = false

  func validate() throws {
    if explain && output.table {
      throw ValidationError("--explain prints JSON; leave --table out, or use birchlog explain.")
    }
  }

  func run() throws {
    var text = OptionsText()
    if explain, reading.value(of: "line_memory") == nil {
      text.set("line_memory", Explain.lineMemory)
    }
    let options = try reading.json(text)
    let loaded = try Model.load(self.model)
    let paths = try Inputs.orStandardInput(input)
    let sink: any FindingsSink
    if output.isForPeople && !explain {
      sink = FindingsTable(isComplete: all, model: try loaded.describe())
    } else {
      sink = FindingsLines(explains: explain)
    }
    // A table on the terminal shows by itself how far it is.
    let progress = InputProgress(
      "Classifying", paths, quiet: output.quiet || Terminal.standardOutput.isInteractive)
    defer { progress.clear() }
    var units = 0
    try loaded.classify(paths, options: options) {
      try sink.take($0)
      units += $0.count
      progress.show(units: units, noun: "unit")
    }
    progress.clear()
    sink.finish()
    if failOnAnomaly && units == 0 {
      throw CommandFailure(
        .input,
        "Nothing in the input could be judged, so it is not known to be fine; check that --format and --session fit it."
      )
    }
    if failOnAnomaly && sink.anomalies > 0 {
      StandardOutput.shared.flush()
      throw ExitCode(ExitStatus.anomalies.rawValue)
    }
  }
}
