import ArgumentParser

/// Works with the kinds of a model.
struct Kinds: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the kinds of a model, or give one a name.",
    discussion: """
      Examples:
        birchlog kinds -m service.birchlog
        birchlog kinds name -m service.birchlog k3 'payment timeout'
      """,
    subcommands: [KindsList.self, KindsName.self], defaultSubcommand: KindsList.self)
}

/// Prints the cluster analysis.
struct KindsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract:
      "Show every kind: share, reading, decoded samples, and how well the classifier tells it.",
    discussion: """
      Example:
        birchlog kinds -m service.birchlog
      """)

  @Option(name: .shortAndLong, help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("Samples to show for each kind.", valueName: "n"))
  var samples = 3

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

/// Names a kind.
struct KindsName: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "name",
    abstract: "Give a kind a name of your own; an empty name takes it away.",
    discussion: """
      The name comes out with every finding and survives a refit.

      Example:
        birchlog kinds name -m service.birchlog k3 'payment timeout'
      """)

  @Option(name: .shortAndLong, help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Argument(help: "The id of the kind, such as k3.")
  var kind: String

  @Argument(help: "The name.")
  var name: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The model file to write; default: the model itself.", valueName: "new"))
  var output: String?

  func run() throws {
    let target = output ?? model
    try OutputFile.check(target)
    try Model.load(model).naming(kind, name).save(to: target)
  }
}
