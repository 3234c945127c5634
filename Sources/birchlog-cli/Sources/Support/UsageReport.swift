import ArgumentParser

/// Turns the argument parser's own outcomes into this command's words and statuses.
enum UsageReport {
  /// Prints help or the usage error behind `error`; the result is the exit status.
  static func report(_ error: any Error) -> Int32 {
    let code = BirchlogCommand.exitCode(for: error)
    if let exit = error as? ExitCode { return exit.rawValue }
    if code == .success {
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

  /// The parser's message; a mistyped word comes first, for what is missing may follow from it.
  private static func explanation(of error: any Error) -> String {
    let message = BirchlogCommand.message(for: error)
    guard let table = CommandTable.current,
      let mistake = Suggestion.message(for: Array(CommandLine.arguments.dropFirst()), table: table)
    else { return message }
    return mistake
  }
}
