import ArgumentParser
import Glibc

/// Learns a model from logs.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Learn normal behaviour and the kinds of anomaly from logs.",
    discussion: """
      Files given with --normal are known to be clean; every other input may hold anything. Without --normal the input \
      itself is taken as mostly normal. With nothing but --normal the model detects, and all its kinds are normal.

      Example:
        birchlog train --normal good.log mixed.log --session 'req-\\w+' \\
          -o service.birchlog
      """)

  @Option(
    help: ArgumentHelp(
      "A log that is known to be clean; may be given several times.", valueName: "good"))
  var normal: [String] = []

  @Argument(help: "Logs that may hold anomalies; '-' is standard input.", completion: .file())
  var input: [String] = []

  @Option(name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "model"))
  var output: String

  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Lines") var lineOptions: LineOptions

  @Option(
    help: ArgumentHelp(
      "File whose line N is the template of event N of a .seq input.", valueName: "file"))
  var templates: String?

  @Option(
    help: ArgumentHelp(
      "Named settings: default, or paper for the published recipe.", valueName: "name"))
  var preset: String?

  @Option(
    name: .customLong("input"),
    help: ArgumentHelp("Network input: onehot, embedding or scalar.", valueName: "form"))
  var networkInput: String?

  @Option(
    help: ArgumentHelp("What describes a unit: deviation, hidden or both.", valueName: "form"))
  var signature: String?

  @Option(
    help: ArgumentHelp(
      "What a verdict is about: session, window, or file where each file is a session.",
      valueName: "unit"))
  var unit: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("Events of one window (10).", valueName: "n"))
  var window: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Number of kinds: auto or a number.", valueName: "auto|n"))
  var kinds: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Seed of everything random (1).", valueName: "n"))
  var seed: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Share of normal units that may be called anomalous (0.005).", valueName: "r"))
  var falsePositiveRate: Double?

  @Option(
    help: ArgumentHelp(
      "Keep what was learned so far in this file; a training that was stopped goes on from it.",
      valueName: "file"))
  var checkpoint: String?

  @Flag(name: .shortAndLong, help: "No progress and no summary; warnings and errors only.")
  var quiet = false

  func run() throws {
    var options = OptionsText()
    lineOptions.add(to: &options)
    options.set("templates", templates)
    options.set("preset", preset)
    options.set("input", networkInput)
    options.set("signature", signature)
    options.set("unit", unit)
    options.set("window", window)
    try options.setKinds(kinds)
    options.set("seed", seed)
    options.set("false_positive_rate", falsePositiveRate)
    options.set("checkpoint", checkpoint)
    let trainer = try Trainer(options: reading.json(options))
    try OutputFile.checkIsFile(checkpoint, for: "--checkpoint")
    try OutputFile.check(output, checkpoint, apartFrom: normal + input + [templates])

    for path in normal { try trainer.addNormal(path) }
    let mixed = normal.isEmpty ? try Inputs.orStandardInput(input) : input
    for path in mixed { try trainer.addMixed(path) }

    if let checkpoint, !quiet {
      StopNotice.install(
        checkpoint: checkpoint, isInteractive: Terminal.standardError.isInteractive)
    }
    let model = try trainer.run(progress: ProgressLine(quiet: quiet))
    // What took long to learn is not lost to whoever edits the old model for more than a minute.
    try FileLock.holding(output, patience: 86_400) {
      try OutputFile.write(to: output) { try model.save(to: $0) }
    }
    if let checkpoint { unlink(checkpoint) }
    try TrainingSummary(model: model, path: output).write(quiet: quiet)
  }
}

extension OptionsText {
  /// Sets the number of kinds: "auto" or a whole number.
  mutating func setKinds(_ value: String?) throws {
    guard let value else { return }
    if value == "auto" {
      set("kinds", value)
    } else if let count = Int(value) {
      set("kinds", count)
    } else {
      throw CommandFailure(.usage, "--kinds '\(value)' is neither auto nor a whole number.")
    }
  }
}
