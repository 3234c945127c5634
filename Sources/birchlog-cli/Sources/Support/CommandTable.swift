import ArgumentParser
import FoundationEssentials

/// Every command with its options, as the argument parser knows them: what help, manual, completions
/// and suggestions are made of.
struct CommandTable: Decodable {
  let command: Command

  struct Command: Decodable {
    let commandName: String
    let subcommands: [Command]?
    let arguments: [Argument]?
    let defaultSubcommand: String?
  }

  struct Argument: Decodable {
    let kind: String
    let names: [Name]?
  }

  struct Name: Decodable {
    let kind: String
    let name: String
  }

  /// The table; nil when the parser no longer gives one.
  static var current: CommandTable? {
    try? JSONDecoder().decode(CommandTable.self, from: Data(BirchlogCommand._dumpHelp().utf8))
  }
}

extension CommandTable.Command {
  /// What the word after `--` may be.
  var longOptions: [String] {
    (arguments ?? []).flatMap { $0.names ?? [] }.filter { $0.kind == "long" }.map(\.name)
      + ["help", "version"]
  }

  /// Whether a long option takes the word behind it as its value.
  func takesValue(_ option: String) -> Bool {
    (arguments ?? []).contains { argument in
      argument.kind == "option" && (argument.names ?? []).contains { $0.name == option }
    }
  }

  var takesPositionals: Bool { (arguments ?? []).contains { $0.kind == "positional" } }
}
