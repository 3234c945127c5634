import LogText

/// Reads the inputs of a training into distinct units, and learns header and templates from raw
/// lines on the way.
struct TrainingReader {
  var options: Options
  var reader: InputReader
  private let isFrozen: Bool
  /// What the inputs hold; set by the first one.
  private var readsText: Bool?
  var interpreter: LineInterpreter?
  var assembler: UnitAssembler?
  let base: LineModel?
  /// Frozen templates are joined by those of new lines.
  let grows: Bool
  var unitKind: Options.UnitKind
  private(set) var store = UnitStore()
  private(set) var normalSessions = 0
  private(set) var mixedSessions = 0
  private(set) var normalUnits = 0
  private(set) var mixedUnits = 0
  /// Lines that had no session key.
  var keylessLines: Int { normalKeyless.count + mixedKeyless.count }
  var warnings: [String] = []
  private var inputNames: [String] = []
  /// Inputs that hold nothing.
  private(set) var emptyNames: [String] = []
  var lineCount = 0
  var unassigned = 0
  private var unitNumber = 0

  /// Lines, or sessions, between two reports of progress.
  private static let reportInterval = 4_096

  /// - Parameters:
  ///   - inputs: all that will be read, in order.
  ///   - lines: frozen templates to read with; nil to learn them.
  ///   - unitKind: what a unit is; nil to choose by the options and the input.
  ///   - grows: new lines get templates of their own beside the frozen ones, and memory is bounded: of
  ///     very many different units a sample is kept.
  init(
    _ inputs: [Trainer.Input], options: Options, lines: LineModel?, unitKind: Options.UnitKind?,
    grows: Bool = false
  ) throws(BirchlogError) {
    self.inputs = inputs
    self.options = options
    self.grows = grows
    if grows { store = UnitStore(limit: .update) }
    reader = InputReader(options: options)
    isFrozen = lines != nil
    base = lines
    self.unitKind = unitKind ?? options.unit ?? (options.formsSessions ? .session : .window)
    chosen = unitKind ?? options.unit
  }

  let chosen: Options.UnitKind?
  /// Everything that is going to be read: a session key is looked for in all of it.
  let inputs: [Trainer.Input]
  /// What the search for a session key came to, where none was given.
  var proposal: SessionProposal?
  /// The first and last events of the inputs, where nothing makes sessions.
  var edges = InputEdges()
  private var inputsRead = 0
  /// The fields of the first records, where a key is looked for in them or in their text.
  var fields = RecordFields()
  /// Ids of the first lines that had a key.
  var keysSeen: [String] = []
  /// Lines of clean and of other input that had none.
  var normalKeyless = KeylessLines()
  var mixedKeyless = KeylessLines()

  /// The session key's expression: the given one, or the one found.
  var sessionPattern: String? { options.session }
  /// The session key's field: the given one, or the one found.
  var keyField: String? { options.keyField }

  /// The inputs in words.
  var names: String {
    let names = inputNames.isEmpty ? emptyNames : inputNames
    return names.isEmpty ? "The input" : names.joined(separator: ", ")
  }

  /// How lines become events after all that was read.
  func lineModel() throws(BirchlogError) -> LineModel {
    guard let interpreter else { return base ?? LineModel() }
    guard grows || !isFrozen else { return interpreter.model }
    var model = grows ? try interpreter.grownModel() : interpreter.model
    model.keyless = keylessEvents()
    return model
  }

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
      try read(bytes, isNormal: input.isNormal, progress: progress)
    case .file(let path):
      let source = try wrapped { () throws(LogTextError) in
        try LineSource(path: path, source: inputNames.count)
      }
      try read(
        source, format: reader.format(of: source), isNormal: input.isNormal, progress: progress)
    }
    inputsRead += 1
    edges.endInput()
    guard goesOn(behind: input) else { return flush(isNormal: input.isNormal) }
    assembler?.endRun()
    drain(isNormal: input.isNormal)
  }

  /// Whether sessions stay open for the next input, as they do in classification, which reads files one behind the other and each
  /// buffer by itself. Sessions parted by gaps go by the time of whatever comes next.
  private func goesOn(behind input: Trainer.Input) -> Bool {
    guard let next = inputs.dropFirst(inputsRead).first, next.isNormal == input.isNormal else {
      return false
    }
    return options.gapSeconds > 0 || (input.isFile && next.isFile)
  }

  /// Settles templates and events, and says what was strange about the inputs as a whole.
  mutating func finish() throws(BirchlogError) {
    if !isFrozen || grows { interpreter?.finishLearning() }
    if !isFrozen || grows, readsText == true, let interpreter {
      store.renumber { interpreter.finalEvent($0) }
    }
    if readsText == true, unassigned > 0, options.needsKeys { try judgeKeys() }
    if let interpreter, let hint = edges.hint(final: interpreter.finalEvent) {
      warnings.append(hint)
    }
    if let abandoned = interpreter?.abandonedLines, abandoned > 0 {
      warnings.append(
        "The expression of \"session\" gave up on \(abandoned) lines at its match limit; write a simpler one."
      )
    }
    if let abandoned = interpreter?.abandonedMasks, abandoned > 0 {
      warnings.append(
        "An expression of \"masks\" gave up on \(abandoned) lines at its match limit, which were read without it; write a simpler one."
      )
    }
  }

  mutating func read(
    _ source: LineSource, format: InputFormat, isNormal: Bool,
    progress: (Int) throws(BirchlogError) -> Void
  ) throws(BirchlogError) {
    guard try !isEmpty(source) else { return }
    if source.looksBinary {
      throw .input(
        "\(source.path) holds binary data, of which no log can be learned; unpack or convert it.")
    }
    if inputNames.isEmpty { proposeKey(source, format: format) }
    if options.needsKeys, fields.names.isEmpty {
      fields = RecordFields(
        source.peek(InputFormat.recognitionLength), format: format, names: reader.fieldNames,
        pattern: options.session)
    }
    try settle(text: format != .sequences, name: source.path)
    let notes: InputNotes
    if format == .sequences {
      notes = try reader.readSequences(source) { record throws(BirchlogError) in
        lineCount += 1
        add(Session(record, source: source.source), isNormal: isNormal)
        if lineCount.isMultiple(of: Self.reportInterval) { try progress(lineCount) }
      }
    } else {
      if interpreter == nil {
        try begin(header: base == nil ? header(of: source, format: format) : nil)
      }
      let name = Array(source.path.utf8)
      var reported = lineCount
      notes = try reader.readText(
        source, format: format, header: interpreter?.model.header
      ) { record throws(BirchlogError) in
        interpret(record, isNormal: isNormal, source: source.source, name: name)
        if lineCount - reported >= Self.reportInterval {
          reported = lineCount
          try progress(lineCount)
        }
      }
    }
    take(notes)
  }

  /// Whether an input holds nothing, of which a warning tells.
  private mutating func isEmpty(_ source: LineSource) throws(BirchlogError) -> Bool {
    do throws(LogTextError) {
      guard try source.isAtEnd() else { return false }
    } catch {
      // What can be unpacked is read before the damage is told.
      return false
    }
    emptyNames.append(source.path)
    warnings.append("\(source.path) is empty.")
    return true
  }

  private mutating func take(_ notes: InputNotes) {
    lineCount += notes.lostLines
    unassigned += notes.lostLines
    warnings += notes.warnings
    if notes.joinedRecords > 0 { interpreter?.sawJoinedRecords() }
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
    if !text, options.session != nil || options.isSessionFile {
      throw .option(
        "Option \(options.isSessionFile ? "\"unit\": \"file\"" : "\"session\"") has no meaning for \(name), whose sequences carry their own ids; leave it out."
      )
    }
    if text, chosen == .session, !options.formsSessions {
      throw .option(
        "\"unit\": \"session\" needs a session key, and none was found: give \"session\" (a regular expression), \"session_field\" or \"gap_seconds\", or \"unit\": \"file\" where each file is a session."
      )
    }
    if !text, chosen == nil { unitKind = .session }
    assembler = UnitAssembler(options: options, unitKind: unitKind)
    if !text, !isFrozen, let path = options.templates {
      interpreter = try LineInterpreter(
        model: LineModel(names: LineModel.names(path: path)), learns: false, options: options)
    }
  }

  private mutating func add(_ session: Session, isNormal: Bool) {
    assembler?.add(session)
    drain(isNormal: isNormal)
  }

  /// Moves complete units into the store.
  mutating func drain(isNormal: Bool) {
    guard let units = assembler?.takeUnits() else { return }
    for unit in units where !unit.unit.events.isEmpty {
      if isNormal { normalUnits += 1 } else { mixedUnits += 1 }
      // An endless run has no sessions to hold out together; stretches of it stand in for them. Buffers
      // that are sessions share a name.
      let stretch =
        unitKind == .window ? unitNumber / 64 : options.isSessionFile ? unitNumber : 0
      let session = unitKind == .window ? [] : unit.session
      unitNumber += 1
      store.add(
        unit.unit, isNormal: isNormal, fold: UnitStore.fold(session: session, stretch: stretch),
        session: unit.session, firstLine: unit.lineSpan?.first ?? 0, times: unit.times)
    }
  }

  private mutating func flush(isNormal: Bool) {
    assembler?.endRun()
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
