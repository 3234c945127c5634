import ArgumentParser

/// Turns the argument parser's own outcomes into this command's words and statuses.
enum UsageReport {
  /// The words of the command line, with what people try for a version as the option that tells it.
  static var words: [String] {
    let words = Array(CommandLine.arguments.dropFirst())
    return words == ["-v"] || words == ["version"] ? ["--version"] : words
  }

  /// Prints help or the usage error behind `error`; the result is the exit status.
  static func report(_ error: any Error) -> Int32 {
    let code = BirchlogCommand.exitCode(for: error)
    if let exit = error as? ExitCode { return exit.rawValue }
    if code == .success, !asksForHelpOnNothing {
      StandardOutput.shared.write(BirchlogCommand.message(for: error) + "\n")
      StandardOutput.shared.flush()
      return 0
    }
    let message = explanation(of: error)
    StandardError.write("birchlog: \(message)\n")
    // The full message ends with the usage line and the hint at --help of the very subcommand that failed.
    let full = BirchlogCommand.fullMessage(for: error)
    if let usage = full.split(separator: "\n").first(where: { $0.hasPrefix("Usage:") }) {
      StandardError.write(usage + "\n")
    }
    return ExitStatus.usage.rawValue
  }

  /// Whether the command line is `help` with a word that is no command, on which the parser would show everything.
  private static var asksForHelpOnNothing: Bool {
    let words = words
    guard words.first == "help", words.count > 1, let table = CommandTable.current else {
      return false
    }
    return Suggestion.message(for: Array(words.dropFirst()), table: table) != nil
  }

  /// The parser's message; a mistyped word comes first, for what is missing may follow from it.
  private static func explanation(of error: any Error) -> String {
    let message = BirchlogCommand.message(for: error)
    guard let table = CommandTable.current,
      let mistake = Suggestion.message(
        for: words.first == "help" ? Array(words.dropFirst()) : words, table: table)
    else { return message }
    return mistake
  }
}
