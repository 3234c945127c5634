import ArgumentParser

/// Goes on from a model.
struct Update: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Learn on: new normal behaviour and new kinds, with the old replayed beside it.",
    discussion: """
      Files given with --normal are learned as normal. Of every other input the sessions that the model does not call \
      anomalous and that are not like a known kind are learned as normal, and the others join the kinds there are or make new ones. Events and kinds keep their \
      ids and names; the threshold is calibrated anew.

      Example:
        birchlog update -m service.birchlog --normal good.log today.log \\
          -o service-2.birchlog
      """)

  @Option(name: .shortAndLong, help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Option(
    help: ArgumentHelp(
      "A log that is known to be clean; may be given several times.", valueName: "good"))
  var normal: [String] = []

  @Argument(help: "Logs that may hold anomalies; '-' is standard input.")
  var input: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The model file to write; it may be that of -m.", valueName: "new"))
  var output: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Sessions (or windows) after which what came before weighs half; 0 for never (0).",
      valueName: "n"))
  var halfLife: Double?

  @OptionGroup(title: "Reading (default: as the model was trained)") var reading: ReadingOptions

  @Flag(name: .shortAndLong, help: "No progress and no summary; warnings and errors only.")
  var quiet = false

  func run() throws {
    var options = OptionsText()
    options.set("half_life", halfLife)
    let trainer = try Trainer(options: reading.json(options))
    try OutputFile.check(output, apartFrom: normal + input)
    for path in normal { try trainer.addNormal(path) }
    let mixed = normal.isEmpty ? try Inputs.orStandardInput(input) : input
    for path in mixed { try trainer.addMixed(path) }
    try FileLock.holding(output) {
      let base = try Model.load(model)
      let updated = try trainer.run(updating: base, progress: ProgressLine(quiet: quiet))
      try OutputFile.write(to: output) { try updated.save(to: $0) }
      let document = try updated.describe()
      if !quiet, let update = document.updates?.last {
        StandardError.write(UpdateView(update: update, unitNoun: document.unitNoun).text)
      }
      try TrainingSummary(model: updated, path: output).write(quiet: quiet)
    }
  }
}
