import ArgumentParser

/// How logs are read; shared by all commands that read them.
struct ReadingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Regular expression of the session key; its first group, or the whole match, joins lines.",
      discussion: "Example: --session 'blk_-?\\d+' or --session 'request=(\\w+)'.",
      valueName: "regex"))
  var session: String?

  @Option(
    help: ArgumentHelp(
      "What holds the session key: a field of JSON Lines or CSV, or process, thread, component or host of a log line's header.",
      valueName: "name"))
  var sessionField: String?

  @Option(
    help: ArgumentHelp(
      "How the input is written: auto, text, sequences, jsonl, csv or journal; each may be gzip.",
      valueName: "format"))
  var format: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Threads to use; 0 takes as many as the process may.", valueName: "n"))
  var threads: Int?

  @Option(
    name: .customLong("option"),
    help: ArgumentHelp(
      "Any other option of the library, as often as needed; birchlog options lists them.",
      discussion: "Example: --option epochs=20 --option text_field=message.", valueName: "key=value"
    ), completion: .custom { _, _, _ in OptionDocument.assignments })
  var other: [String] = []

  /// What `--option` sets a number to; nil when it does not.
  func value(of key: String) -> Double? {
    other.last { $0.hasPrefix(key + "=") }.flatMap { Double($0.dropFirst(key.count + 1)) }
  }

  /// What was set, after what the command itself sets in `options`.
  func json(_ options: OptionsText = OptionsText()) throws -> String? {
    var options = options
    options.set("session", session)
    options.set("session_field", sessionField)
    options.set("format", format)
    options.set("threads", threads)
    try options.add(other)
    return options.json
  }
}

/// What of a line is learned as its header and its values; a model keeps it, so that nothing else reads it anew.
struct LineOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Regular expression of a header with a group named content, and perhaps time, process, thread.",
      valueName: "regex"))
  var header: String?

  @Option(
    help: ArgumentHelp(
      "Regular expression of something that is a value, whatever it looks like; may be given several times.",
      valueName: "regex"))
  var mask: [String] = []

  /// Adds what was set.
  func add(to options: inout OptionsText) {
    options.set("header", header)
    options.set("masks", mask)
  }
}

/// Table or JSON.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON even on a terminal.")
  var json = false

  @Flag(help: "Print the table even when standard output is no terminal.")
  var table = false

  @Flag(
    name: .shortAndLong,
    help: "No progress, no notes and no word on what was done; results, warnings and errors only.")
  var quiet = false

  func validate() throws {
    if json && table {
      throw ValidationError("--json and --table exclude each other; give one of them.")
    }
  }

  /// True when people are to read the result.
  var isForPeople: Bool {
    table || (!json && Terminal.standardOutput.isInteractive)
  }
}

/// The inputs of a command.
enum Inputs {
  /// `paths`, or standard input when there are none and it is no keyboard.
  static func orStandardInput(_ paths: [String]) throws -> [String] {
    guard paths.isEmpty else { return paths }
    guard !Terminal.inputIsKeyboard else {
      throw CommandFailure(.usage, "There is no input; name the log files or pipe a log in.")
    }
    return ["-"]
  }
}
