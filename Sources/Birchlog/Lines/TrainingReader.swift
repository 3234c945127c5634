import LogText

/// Reads the inputs of a training into distinct units, and learns header and templates from raw
/// lines on the way.
struct TrainingReader {
  private let options: Options
  private let reader: InputReader
  private let isFrozen: Bool
  /// What the inputs hold; set by the first one.
  private var readsText: Bool?
  private var interpreter: LineInterpreter?
  private var assembler: UnitAssembler?
  private let base: LineModel?
  private(set) var unitKind: Options.UnitKind
  private(set) var store = UnitStore()
  private(set) var normalSessions = 0
  private(set) var mixedSessions = 0
  private(set) var warnings: [String] = []
  private var inputNames: [String] = []
  private var lineCount = 0
  private var unassigned = 0
  private var unitNumber = 0

  /// Lines from which the header's layout is learned.
  private static let sampleLines = HeaderRecogniser.sampleSize
  /// Lines, or sessions, between two reports of progress.
  private static let reportInterval = 4_096

  /// - Parameters:
  ///   - lines: frozen templates to read with; nil to learn them.
  ///   - unitKind: what a unit is; nil to choose by the options and the input.
  init(options: Options, lines: LineModel?, unitKind: Options.UnitKind?) throws(BirchlogError) {
    self.options = options
    reader = InputReader(options: options)
    isFrozen = lines != nil
    base = lines
    let keyed = options.session != nil || options.keyField != nil
    self.unitKind = unitKind ?? options.unit ?? (keyed ? .session : .window)
    chosen = unitKind ?? options.unit
  }

  private let chosen: Options.UnitKind?

  /// The inputs in words.
  var names: String { inputNames.isEmpty ? "The input" : inputNames.joined(separator: ", ") }

  /// How lines become events after all that was read.
  var lineModel: LineModel { interpreter?.model ?? base ?? LineModel() }

  /// Reads one input.
  mutating func read(
    _ input: Trainer.Input, progress: (Int) throws(BirchlogError) -> Void
  ) throws(BirchlogError) {
    switch input.source {
    case .sessions(let sessions):
      try settle(text: false, name: "The sessions")
      for (index, events) in sessions.enumerated() {
        add(
          Session(id: Array("\(index)".utf8), events: events, ended: true), isNormal: input.isNormal
        )
      }
    case .lines(let bytes):
      try settle(text: true, name: "The lines")
      try read(bytes, isNormal: input.isNormal, progress: progress)
    case .file(let path):
      let source = try wrapped { () throws(LogTextError) in
        try LineSource(path: path, source: inputNames.count)
      }
      try read(source, isNormal: input.isNormal, progress: progress)
    }
    flush(isNormal: input.isNormal)
  }

  /// Says what was strange about the inputs as a whole.
  mutating func finish() throws(BirchlogError) {
    if readsText == true, unassigned > 0, unitKind == .session {
      let share = Double(unassigned) / Double(max(lineCount, 1))
      guard share < 1 else {
        throw .input(
          "No line of \(names) has a session key \"\(options.session ?? options.keyField ?? "")\"; correct \"session\", or leave it out to learn windows."
        )
      }
      if share > 0.1 {
        warnings.append(
          "\(unassigned) of \(lineCount) lines have no session key and were left out; check \"session\"."
        )
      }
    }
    if let abandoned = interpreter?.abandonedLines, abandoned > 0 {
      warnings.append(
        "The expression of \"session\" gave up on \(abandoned) lines at its match limit; write a simpler one."
      )
    }
  }

  private mutating func read(
    _ source: LineSource, isNormal: Bool, progress: (Int) throws(BirchlogError) -> Void
  ) throws(BirchlogError) {
    let format = reader.format(of: source)
    try settle(text: format != .sequences, name: source.path)
    guard format != .sequences else {
      return try reader.readSequences(source) { record throws(BirchlogError) in
        lineCount += 1
        add(Session(record, source: source.source), isNormal: isNormal)
        if lineCount % Self.reportInterval == 0 { try progress(lineCount) }
      }
    }
    var sample: [HeldRecord] = []
    try prepare(format: format)
    try reader.readText(source, format: format) { record throws(BirchlogError) in
      try take(record, sample: &sample, isNormal: isNormal, source: source)
      if lineCount % Self.reportInterval == 0 { try progress(lineCount) }
    }
    try release(&sample, isNormal: isNormal, source: source.source, name: Array(source.path.utf8))
    if source.cutLines > 0 {
      warnings.append(
        "\(source.cutLines) lines of \(source.path) were longer than 1 MiB and were cut.")
    }
  }

  /// What the first input settles for all: text or event numbers, sessions or windows.
  private mutating func settle(text: Bool, name: String) throws(BirchlogError) {
    inputNames.append(name)
    if let readsText, readsText != text {
      throw .input(
        "\(name) holds \(text ? "text" : "event numbers") and the inputs before it \(text ? "event numbers" : "text"); train on one or the other."
      )
    }
    if let base, (base.miner != nil) != text {
      throw .input(
        "\(name) is not what the model learned from, which was \(text ? "event numbers" : "text").")
    }
    guard readsText == nil else { return }
    readsText = text
    if !text, options.session != nil {
      throw .option(
        "Option \"session\" has no meaning for \(name), whose sequences carry their own ids; leave it out."
      )
    }
    if text, chosen == .session, options.session == nil, options.keyField == nil {
      throw .option(
        "\"unit\": \"session\" needs a session key: give \"session\" (a regular expression) or \"key_field\"."
      )
    }
    if !text, chosen == nil { unitKind = .session }
    assembler = UnitAssembler(options: options, unitKind: unitKind)
    if !text, !isFrozen, let path = options.templates {
      interpreter = try LineInterpreter(
        model: LineModel(names: LineModel.names(path: path)), learns: false, sessionPattern: nil)
    }
  }

  private mutating func add(_ session: Session, isNormal: Bool) {
    assembler?.add(session)
    drain(isNormal: isNormal)
  }

  /// Moves complete units into the store.
  private mutating func drain(isNormal: Bool) {
    guard let units = assembler?.takeUnits() else { return }
    for unit in units where !unit.unit.events.isEmpty {
      // An endless run has no sessions to hold out together; stretches of it stand in for them.
      let stretch = unitKind == .window ? unitNumber / 64 : 0
      let session = unitKind == .window ? [] : unit.session
      unitNumber += 1
      store.add(
        unit.unit, isNormal: isNormal, fold: UnitStore.fold(session: session, stretch: stretch),
        session: unit.session, firstLine: unit.lineSpan?.first ?? 0)
    }
  }

  private mutating func flush(isNormal: Bool) {
    assembler?.flush(ended: false)
    drain(isNormal: isNormal)
    let sessions = assembler?.sessions ?? 0
    if isNormal {
      normalSessions = sessions - mixedSessions
    } else {
      mixedSessions = sessions - normalSessions
    }
  }
}

// MARK: Raw lines

extension TrainingReader {
  /// A record that waits until the header's layout is known.
  private struct HeldRecord {
    var text: [UInt8]
    var key: [UInt8]?
    var time: Int64?
    var line: UInt64
  }

  /// Makes the interpreter at once where nothing is to be learned from a sample first.
  private mutating func prepare(format: InputFormat) throws(BirchlogError) {
    guard interpreter == nil else { return }
    if let base {
      interpreter = try LineInterpreter(model: base, learns: false, sessionPattern: options.session)
    } else if options.header != "auto" || format != .text {
      var header: HeaderRecogniser?
      if options.header != "auto", options.header != "none" {
        header = try wrapped { () throws(LogTextError) in
          try HeaderRecogniser(pattern: options.header)
        }
      }
      try begin(header: header)
    }
  }

  private mutating func begin(header: HeaderRecogniser?) throws(BirchlogError) {
    let templates = try wrapped { () throws(LogTextError) in
      try options.templates.map { path throws(LogTextError) in try UserTemplates(path: path) }
        ?? UserTemplates(lines: [])
    }
    let miner = TemplateMiner(userTemplates: templates)
    interpreter = try LineInterpreter(
      model: LineModel(miner: miner, header: header), learns: true, sessionPattern: options.session)
  }

  private mutating func take(
    _ record: InputReader.Record, sample: inout [HeldRecord], isNormal: Bool, source: LineSource
  ) throws(BirchlogError) {
    if interpreter != nil {
      return interpret(
        record, isNormal: isNormal, source: source.source, name: Array(source.path.utf8))
    }
    sample.append(
      HeldRecord(text: Array(record.text), key: record.key, time: record.time, line: record.line))
    if sample.count >= Self.sampleLines {
      try release(&sample, isNormal: isNormal, source: source.source, name: Array(source.path.utf8))
    }
  }

  /// Learns the header's layout from the sample, then reads the sample.
  private mutating func release(
    _ sample: inout [HeldRecord], isNormal: Bool, source: Int, name: [UInt8]
  ) throws(BirchlogError) {
    guard !sample.isEmpty else { return }
    if interpreter == nil { try begin(header: HeaderRecogniser(sample: sample.map(\.text))) }
    for held in sample {
      held.text.withUnsafeBytes { text in
        interpret(
          InputReader.Record(text: text, key: held.key, time: held.time, line: held.line),
          isNormal: isNormal,
          source: source, name: name)
      }
    }
    sample = []
  }

  private mutating func read(
    _ bytes: [UInt8], isNormal: Bool, progress: (Int) throws(BirchlogError) -> Void
  ) throws(BirchlogError) {
    let format =
      InputFormat(rawValue: options.format)
      ?? bytes.withUnsafeBytes { InputFormat.recognise($0) == .jsonLines ? .jsonLines : .text }
    try prepare(format: format)
    var sample: [HeldRecord] = []
    let name = Array("lines".utf8)
    var failure: BirchlogError?
    bytes.withUnsafeBytes { buffer in
      do throws(BirchlogError) {
        try reader.readLines(of: buffer, format: format) { record throws(BirchlogError) in
          if interpreter != nil {
            interpret(record, isNormal: isNormal, source: 0, name: name)
          } else {
            sample.append(
              HeldRecord(
                text: Array(record.text), key: record.key, time: record.time, line: record.line))
            if sample.count >= Self.sampleLines {
              try release(&sample, isNormal: isNormal, source: 0, name: name)
            }
          }
          if lineCount % Self.reportInterval == 0 { try progress(lineCount) }
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    try release(&sample, isNormal: isNormal, source: 0, name: name)
  }

  private mutating func interpret(
    _ record: InputReader.Record, isNormal: Bool, source: Int, name: [UInt8]
  ) {
    lineCount += 1
    guard let line = interpreter?.interpret(record.text, key: record.key, time: record.time) else {
      unassigned += 1
      return
    }
    if unitKind == .window, options.session == nil, options.keyField == nil {
      assembler?.add(event: line.event, line: record.line, source: source, name: name)
    } else {
      if line.keys.isEmpty { unassigned += 1 }
      assembler?.add(
        event: line.event, keys: line.keys, line: record.line, time: line.time, source: source)
    }
    drain(isNormal: isNormal)
  }
}
