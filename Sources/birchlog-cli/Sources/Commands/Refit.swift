import ArgumentParser

/// Finds the kinds anew.
struct Refit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the kinds anew, with further logs or another number of kinds.",
    discussion: """
      What is normal stays as it was learned; the kinds are found again from what the model remembers together with the \
      inputs. A kind that is found again keeps its id and its name.

      Example:
        birchlog refit -m service.birchlog this-week.log -o service-2.birchlog
      """)

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model file.", valueName: "model"),
    completion: .file())
  var model: String

  @Argument(help: "Further logs; none: only what the model remembers.")
  var input: [String] = []

  @Option(name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "new"))
  var output: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Number of kinds: auto or a number.", valueName: "auto|n"))
  var kinds: String?

  @OptionGroup(title: "Reading (default: as the model was trained)") var reading: ReadingOptions

  @Flag(name: .shortAndLong, help: "No progress and no summary; warnings and errors only.")
  var quiet = false

  func run() throws {
    var options = OptionsText()
    try options.setKinds(kinds)
    let trainer = try Trainer(options: reading.json(options))
    try OutputFile.check(output, apartFrom: input)
    try FileLock.holding(output) {
      let base = try Model.load(model)
      for path in input { try trainer.addMixed(path) }
      let refitted = try trainer.run(refitting: base, progress: ProgressLine(quiet: quiet))
      try OutputFile.write(to: output) { try refitted.save(to: $0) }
      try TrainingSummary(model: refitted, path: output).write(quiet: quiet)
    }
  }
}
