import ArgumentParser

/// Writes what operators decided, for another model.
struct KindsExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write names, notes, merges and marks, for another model of the same log.",
    discussion: """
      One JSON object, with what it takes to know the kinds again: exemplars, templates, mean signatures, evidence.

      Example:
        birchlog kinds export -m service.birchlog -o kinds.json
      """)

  @Option(name: .shortAndLong, help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write; default: standard output.", valueName: "file"))
  var output: String?

  func run() throws {
    try OutputFile.check(output, apartFrom: [model])
    try OutputFile.write(try Model.load(model).exportedKinds() + "\n", to: output ?? "-")
  }
}

/// Takes over what another model exported.
struct KindsImport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Take over names, notes, merges and marks that another model exported.",
    discussion: """
      Kinds are paired by their signatures and evidence; the report says what matched and what did not. A name that a kind \
      has already is overwritten; every step can be taken back with --undo of its command.

      Examples:
        birchlog kinds import -m next.birchlog kinds.json
        birchlog kinds import -m next.birchlog --dry-run kinds.json
      """)

  @Option(name: .shortAndLong, help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Argument(help: "What 'birchlog kinds export' wrote; '-' is standard input.")
  var file: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The model file to write; default: the model itself.", valueName: "new"))
  var output: String?

  @Flag(help: "Report only; write nothing.")
  var dryRun = false

  @OptionGroup(title: "Output") var format: OutputOptions

  func run() throws {
    let target = output ?? model
    if !dryRun { try OutputFile.check(target, apartFrom: [file]) }
    let kinds = try InputFile.read(file)
    var report = ""
    if dryRun {
      report = try Model.load(model).importingKinds(kinds).report
    } else {
      try FileLock.holding(target) {
        let (edited, text) = try Model.load(model).importingKinds(kinds)
        report = text
        try OutputFile.write(to: target) { try edited.save(to: $0) }
      }
      guard !format.quiet, !OutputFile.isStandardOutput(target) else { return }
    }
    if format.isForPeople {
      let document = try Documents.decode(KindImportDocument.self, from: report)
      StandardOutput.shared.write(document.text(for: .standardOutput))
    } else {
      StandardOutput.shared.write(report + "\n")
    }
  }
}
