import ArgumentParser

/// Shows the templates of logs, or parses every line by them.
struct Templates: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the templates of a log, or parse every line by them.",
    discussion: """
      A template is the constant part of lines that say the same, with <*> for each value. Nothing is trained, and nothing \
      needs to be set. Every physical line counts by itself: training joins stack traces to the line before them, this does not. With --lines every physical line is printed with its event, template and parameters, once all \
      lines are read.

      Examples:
        birchlog templates service.log
        birchlog templates --lines service.log > parsed.jsonl
        journalctl -u nginx -o cat | birchlog templates
      """)

  @Argument(help: "Logs, plain or gzip; none or - reads standard input.")
  var input: [String] = []

  @Flag(help: "Print one JSON object for each line: line, event, template, parameters.")
  var lines = false

  @Flag(help: "Take every line as content as a whole: recognise neither header nor format.")
  var noHeader = false

  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Lines") var lineOptions: LineOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if lines && output.table {
      throw ValidationError("--lines prints JSON Lines; leave --table out.")
    }
    if noHeader && reading.format != nil {
      throw ValidationError("--no-header takes every line as it is; leave --format out.")
    }
  }

  func run() throws {
    var options = OptionsText()
    lineOptions.add(to: &options)
    if noHeader {
      options.set("header", "none")
      options.set("format", "text")
    }
    let miner = try Miner(options: reading.json(options))
    var paths = try Inputs.orStandardInput(input)
    // Lines are printed when all are read: what cannot be read twice is kept in a file meanwhile.
    var copies: [InputCopy] = []
    if lines {
      paths = try paths.map { path in
        guard let copy = try InputCopy(ofUnrepeatable: path) else { return path }
        copies.append(copy)
        return copy.path
      }
    }
    let progress = ProgressLine(quiet: output.quiet)
    for path in paths { try miner.learn(path, progress: progress) }
    progress.clear()
    try miner.finish()
    if lines {
      for path in paths { try miner.parse(path) { StandardOutput.shared.write($0) } }
    } else if output.isForPeople {
      let view = TemplatesView(
        templates: try miner.templates(), statistics: try miner.statistics())
      StandardOutput.shared.write(view.text(for: .standardOutput))
    } else {
      StandardOutput.shared.write(try miner.templatesJSON())
    }
  }
}
