import ArgumentParser

/// Says why sessions are anomalous, or normal.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say why a session is anomalous: what came, what was expected, what it resembles.",
    discussion: """
      Without a choice the anomalous sessions are explained; on a terminal the first one of each kind. Raw lines are read \
      again from files; from a pipe the latest ones are kept (--option line_memory=BYTES).

      Examples:
        birchlog explain -m service.birchlog today.log
        birchlog explain -m service.birchlog --session-id req-0a1b2c3d today.log
        birchlog explain -m service.birchlog --unit 42 --json today.log
      """)

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model file.", valueName: "model"),
    completion: .file())
  var model: String

  @Argument(help: "Logs that hold the sessions; '-' is standard input.", completion: .file())
  var input: [String] = []

  @Option(
    help: ArgumentHelp("Explain the session of this id, as often as needed.", valueName: "id"))
  var sessionId: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Explain the unit of this place in what classify prints, from 1.", valueName: "n"))
  var unit: [Int] = []

  @Option(help: ArgumentHelp("Explain the sessions of this kind.", valueName: "kind"))
  var kind: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Explain the sessions that hold this line, from 1.", valueName: "n"))
  var line: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Sessions to explain at most; 0 for all.", valueName: "n"))
  var limit: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Raw lines to show of each session, around the decisive ones.", valueName: "n"))
  var lines = 64

  @OptionGroup(title: "Reading (default: as the model was trained)") var reading: ReadingOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if unit.contains(where: { $0 < 1 }) { throw ValidationError("--unit counts from 1.") }
    if let line, line < 1 { throw ValidationError("--line counts from 1.") }
    if let limit, limit < 0 { throw ValidationError("--limit must be 0 or more.") }
    if !(0...4096).contains(lines) {
      throw ValidationError("--lines must be a whole number from 0 to 4096.")
    }
  }

  func run() throws {
    var options = OptionsText()
    if reading.value(of: "line_memory") == nil { options.set("line_memory", Self.lineMemory) }
    let json = try reading.json(options)
    let loaded = try Model.load(self.model)
    // A kind that was merged into another is that one, and one that is none would never come.
    let kind = try self.kind.map { $0 == "unknown" ? $0 : try loaded.kind($0).kind.id }
    let paths = try Inputs.orStandardInput(input)
    let choice = ExplanationChoice(
      sessions: Set(sessionId), units: Set(unit), kind: kind, line: line,
      limit: limit ?? 0, isOfEachKind: output.isForPeople && limit == nil)
    let view =
      output.isForPeople
      ? ExplanationView(terminal: .standardOutput, scoresEnds: try loaded.describe().scoresEnds)
      : nil
    let request = "{\"lines\":\(lines)}"
    let progress = InputProgress(
      "Explaining", paths, quiet: output.quiet || Terminal.standardOutput.isInteractive)
    defer { progress.clear() }
    try loaded.classify(paths, options: json) { findings in
      progress.show(units: choice.seen, noun: "unit")
      for index in try choice.chosen(findings) {
        guard let view else {
          try findings.withExplanation(index, options: request) { StandardOutput.shared.write($0) }
          StandardOutput.shared.write("\n")
          continue
        }
        StandardOutput.shared.write(
          view.text(for: try findings.explanation(index, options: request)))
      }
      StandardOutput.shared.flush()
    }
    progress.clear()
    try report(choice)
  }

  /// Bytes of lines that are kept of a pipe.
  static let lineMemory = 16 << 20

  private func report(_ choice: ExplanationChoice) throws {
    if choice.shown == 0, !choice.isOpen {
      throw CommandFailure(
        .usage,
        "None of the \(Numbers.count(choice.seen, "unit")) of the input is the one asked for; classify lists them."
      )
    }
    guard !output.quiet else { return }
    if choice.passedOver > 0 {
      StandardError.write(
        "birchlog: \(Numbers.count(choice.passedOver, "more session")) not shown; --limit 0 shows all.\n"
      )
    } else if choice.shown == 0 {
      StandardError.write("birchlog: none of \(Numbers.count(choice.seen, "unit")) is anomalous.\n")
    }
  }
}

/// Which of the findings that pass by are to be explained.
final class ExplanationChoice {
  private let sessions: Set<String>
  private let units: Set<Int>
  private let kind: String?
  private let line: Int?
  private let limit: Int
  private let isOfEachKind: Bool
  private var kinds: Set<String> = []

  private(set) var seen = 0
  private(set) var shown = 0
  /// Findings that fit and were one too many.
  private(set) var passedOver = 0

  /// Nothing is asked for but what is anomalous.
  var isOpen: Bool { sessions.isEmpty && units.isEmpty && kind == nil && line == nil }

  /// - Parameters:
  ///   - limit: findings at most; 0 for all.
  ///   - isOfEachKind: of what is anomalous only the first finding of each kind, when nothing else is
  ///     asked for.
  init(
    sessions: Set<String>, units: Set<Int>, kind: String?, line: Int?, limit: Int,
    isOfEachKind: Bool
  ) {
    self.sessions = sessions
    self.units = units
    self.kind = kind
    self.line = line
    self.limit = limit
    self.isOfEachKind = isOfEachKind
  }

  /// The indices of a batch that are to be explained.
  func chosen(_ findings: Findings) throws -> [Int] {
    var chosen: [Int] = []
    for index in 0..<findings.count {
      seen += 1
      guard try fits(findings, index) else { continue }
      let isAnother =
        try isOpen && isOfEachKind && !kinds.insert(findings.place(index).kind).inserted
      if isAnother || (limit > 0 && shown >= limit) {
        passedOver += 1
      } else {
        shown += 1
        chosen.append(index)
      }
    }
    return chosen
  }

  private func fits(_ findings: Findings, _ index: Int) throws -> Bool {
    if isOpen { return try findings.isAnomalous(index) }
    let place = try findings.place(index)
    if !sessions.isEmpty || !units.isEmpty {
      guard sessions.contains(place.session) || units.contains(seen) else { return false }
    }
    if let kind, place.kind != kind { return false }
    if let line {
      guard let number = UInt64(exactly: line), place.lines.contains(number) else { return false }
    }
    return true
  }
}
