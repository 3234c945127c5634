import ArgumentParser

/// Works with the kinds of a model.
struct Kinds: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the kinds of a model, and say what they are.",
    discussion: """
      A name, a note, a merge, a split and a mark are kept in the model and survive refits and updates; each can be taken \
      back with --undo. The model is replaced in one step, or written to another file with -o.

      Examples:
        birchlog kinds -m service.birchlog
        birchlog kinds show -m service.birchlog k3
        birchlog kinds name -m service.birchlog k3 'payment timeout'
        birchlog kinds merge -m service.birchlog k3 k7
        birchlog kinds mark-normal -m service.birchlog k9
      """,
    subcommands: [
      KindsList.self, KindsShow.self, KindsName.self, KindsNote.self, KindsMerge.self,
      KindsSplit.self, KindsMarkNormal.self, KindsJournal.self, KindsExport.self,
      KindsImport.self,
    ], defaultSubcommand: KindsList.self)
}

/// The model that an edit of its kinds reads and writes.
struct KindsEditOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model file.", valueName: "model"),
    completion: .file())
  var model: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The model file to write; default: the model itself.", valueName: "new"))
  var output: String?

  @OptionGroup(title: "Output") var format: OutputOptions

  /// Throws when a text is longer than a model keeps.
  static func checkLength(of text: String?, _ what: String, limit: UInt32) throws {
    guard let text, text.utf8.count > Int(limit) else { return }
    throw ValidationError(
      "The \(what) has \(text.utf8.count) bytes; give one of \(limit) or fewer.")
  }

  /// Writes the edited model, then says what was done.
  func run(_ edit: (Model) throws -> Model) throws {
    let target = output ?? model
    try OutputFile.check(target)
    var journals: (before: [JournalDocument.Entry], after: [JournalDocument.Entry]) = ([], [])
    try FileLock.holding(target) {
      let base = try Model.load(model)
      let edited = try edit(base)
      try OutputFile.write(to: target) { try edited.save(to: $0) }
      journals = (try base.journal().journal, try edited.journal().journal)
    }
    // The model itself went there.
    guard !format.quiet, !OutputFile.isStandardOutput(target) else { return }
    guard let last = journals.after.last, journals.after != journals.before else {
      if format.isForPeople { StandardOutput.shared.write("It is so already.\n") }
      return
    }
    if format.isForPeople {
      StandardOutput.shared.write(DisplayText.clean(last.sentence) + "\n")
    } else {
      StandardOutput.shared.write(last.json + "\n")
    }
  }
}
