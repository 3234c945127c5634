import ArgumentParser

/// Prints the cluster analysis.
struct KindsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the kinds: name, state, size, when they were seen, evidence in short.",
    discussion: """
      With --samples every kind is followed by decoded samples of it. The classifier's table comes at the end.

      Examples:
        birchlog kinds -m service.birchlog
        birchlog kinds list -m service.birchlog --samples 3
      """)

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model file.", valueName: "model"),
    completion: .file())
  var model: String

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Samples to show for each kind.", valueName: "n"))
  var samples = 0

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let model = try Model.load(self.model)
    if output.isForPeople {
      let view = KindsView(
        kinds: try model.kinds(), model: try model.describe(), samples: max(0, samples))
      StandardOutput.shared.write(view.text(for: .standardOutput))
    } else {
      StandardOutput.shared.write(try model.kindsJSON() + "\n")
    }
  }
}

/// Prints one kind.
struct KindsShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show one kind: evidence, samples, neighbours, notes, and what happened to it.",
    discussion: """
      Example:
        birchlog kinds show -m service.birchlog k3
      """)

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model file.", valueName: "model"),
    completion: .file())
  var model: String

  @Argument(help: "The id of the kind, such as k3; one that was merged shows what it is part of.")
  var kind: String

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let model = try Model.load(self.model)
    let json = try model.kindJSON(kind)
    if output.isForPeople {
      let view = KindView(
        kind: try Documents.decode(KindDocument.self, from: json), model: try model.describe())
      StandardOutput.shared.write(view.text(for: .standardOutput))
    } else {
      StandardOutput.shared.write(json + "\n")
    }
  }
}

/// Prints what was done to the kinds.
struct KindsJournal: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal",
    abstract: "Tell what operators and refits did to the kinds, oldest first.",
    discussion: """
      Example:
        birchlog kinds journal -m service.birchlog
      """)

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model file.", valueName: "model"),
    completion: .file())
  var model: String

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let journal = try Model.load(model).journal().journal
    if journal.isEmpty, output.isForPeople {
      StandardOutput.shared.write("Nothing was done to the kinds since training.\n")
    }
    for entry in journal {
      StandardOutput.shared.write(
        (output.isForPeople ? DisplayText.clean(entry.sentence) : entry.json) + "\n")
    }
  }
}
