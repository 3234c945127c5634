import ArgumentParser

/// Prints the library's options.
struct ListOptions: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "options",
    abstract: "List every option that --option sets, with its default.",
    discussion: """
      Options marked with * may be set when a log is classified too.

      Example:
        birchlog options
      """)

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    guard output.isForPeople else {
      return StandardOutput.shared.write(OptionDocument.json + "\n")
    }
    var table = Table([
      .init(title: "OPTION"), .init(title: ""), .init(title: "DEFAULT", isFlexible: true),
      .init(title: "EXPECTED", isFlexible: true),
    ])
    for option in try OptionDocument.all() {
      table.add([
        option.key, option.classification ? "*" : "", option.default?.text ?? "none",
        option.expected,
      ])
    }
    let terminal = Terminal.standardOutput
    StandardOutput.shared.write(table.text(width: terminal.width, terminal: terminal))
  }
}
