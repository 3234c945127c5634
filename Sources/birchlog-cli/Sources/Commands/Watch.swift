import ArgumentParser

/// Names the kind of every session of a log while it is written.
struct Watch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Follow a log and tell at once what is wrong in it.",
    discussion: """
      Prints a finding the moment a line makes a session anomalous ("final":false) and one for every session that ends \
      ("final":true), normal ones too; on a terminal a table of the anomalous ones. A file is followed as it grows and is \
      rotated; a pipe and standard input are read until they end. With --state a later run goes on where this one stopped, \
      even after a crash. Names and marks that operators give the model's kinds count within an interval, or at once after \
      SIGHUP. When the log moves away from what the model learned, a line on standard error says so once.

      Example:
        birchlog watch -m service.birchlog /var/log/service.log \\
          --state service.state -o findings.jsonl --prometheus service.prom
      """)

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model file.", valueName: "model"),
    completion: .file())
  var model: String

  @Argument(help: "The log: a file, a named pipe, or '-' for standard input.", completion: .file())
  var input = "-"

  @Option(
    help: ArgumentHelp(
      "Keep what is open in this file, on an interval and on exit, and go on from it at the start.",
      valueName: "file"))
  var state: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Append findings to this file; with --state none is written twice, whatever happens.",
      valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("Write counts as JSON to this file.", valueName: "file"))
  var statistics: String?

  @Option(
    help: ArgumentHelp("Write counts for Prometheus to this file.", valueName: "file"))
  var prometheus: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Seconds between two snapshots, and two writings of the counts.", valueName: "s"))
  var interval = 10.0

  @Flag(help: "Begin at the end of the file; only without a snapshot to go on from.")
  var fromEnd = false

  @Flag(help: "Stop at the end of the file, where open sessions end too.")
  var noFollow = false

  @OptionGroup(title: "Reading (default: as the model was trained)") var reading: ReadingOptions
  @OptionGroup(title: "Output format") var format: OutputOptions

  @Flag(help: "List normal sessions in the table too.")
  var all = false

  func validate() throws {
    guard interval > 0, interval <= 86_400 else {
      throw ValidationError("--interval is a number of seconds above 0 and up to 86400.")
    }
    if format.table && output != nil {
      throw ValidationError("--table is for people; findings in a file are JSON Lines.")
    }
  }

  func run() throws {
    try OutputFile.checkIsFile(state, for: "--state")
    try OutputFile.checkIsNoPipe(statistics, for: "--statistics")
    try OutputFile.checkIsNoPipe(prometheus, for: "--prometheus")
    try OutputFile.check(state, output, statistics, prometheus, apartFrom: [input, model])
    if input == "-", Terminal.inputIsKeyboard {
      throw CommandFailure(.usage, "There is no input; name the log file or pipe a log in.")
    }
    var options = OptionsText()
    options.set("source", input == "-" ? "standard input" : input)
    let watched = WatchedModel(path: model, reading: reading, options: options)
    let loaded = try watched.load()
    let sink: any FindingsSink
    if output == nil && format.isForPeople {
      sink = FindingsTable(isComplete: all, model: try loaded.describe())
    } else {
      sink = FindingsLines()
    }
    try WatchLoop(
      model: watched, loaded: loaded,
      follower: LineFollower(path: input, follows: !noFollow, warn: StandardError.warn),
      sink: sink,
      files: .init(
        state: state, output: output.flatMap { OutputFile.isStandardOutput($0) ? nil : $0 },
        statistics: statistics, prometheus: prometheus),
      interval: interval, drift: DriftNotice(model: model, log: input)
    ).run(fromEnd: fromEnd)
  }
}
