import LogText

/// Lines in, findings out; belongs to one thread at a time.
public final class LogStream {
  let model: Model
  private let options: Options
  let reader: InputReader
  var interpreter: LineInterpreter
  var assembler: UnitAssembler
  private var cache = VerdictCache()
  private var earlyCache = VerdictCache(isEarly: true)
  var counts = StreamStatistics()
  var json: JSONLineParser?
  /// Whether the first line has shown if lines are JSON objects.
  var knowsFormat: Bool
  /// The sources so far; lines that are pushed have one, with a path when it is told.
  private var sources: [Source] = []
  /// Joins pushed lines of text, where training met records of several lines.
  var joiner: LineJoiner?
  private var pushedSincePoll = false
  /// What the ids of windows of pushed lines begin with.
  private let name: [UInt8]

  /// Units that are classified together when files are, unless they hold many events: the more, the
  /// more of their windows begin alike.
  private static let batch = (units: 8_192, events: 1 << 18)

  /// - Parameter options: JSON text that overrides what the model holds.
  public init(model: Model, options text: String?) throws(BirchlogError) {
    let given = try Options.keys(text)
    options = try model.options.overridden(by: text)
    self.model = model
    reader = InputReader(options: options)
    interpreter = try LineInterpreter(
      model: model.lines, learns: false, options: options)
    assembler = UnitAssembler(
      options: options, unitKind: model.unitKind, scoresEnds: model.record.scoresEnds)
    let format = InputFormat(rawValue: options.format)
    knowsFormat = format != nil
    if let format { json = try reader.jsonParser(format) }
    if model.lines.joinsLines, options.multiline {
      joiner = LineJoiner(header: model.lines.header, splitter: interpreter.splitter)
    }
    if options.source != nil || options.lineMemory > 0 {
      sources = [
        Source(
          path: options.source, archive: LineArchive(path: nil, memory: options.lineMemory))
      ]
    }
    name = Array((options.source ?? "stream").utf8)
    drift = DriftDetector(model.driftBaseline)
    threads = given.contains("threads") ? max(options.threads, 1) : 1
  }

  private let threads: Int
  /// Tells when what comes has moved away from what the model learned.
  var drift: DriftDetector
  /// Which templates the events of this stream stand for.
  lazy var lineage = TemplateLineage(model.lines)

  /// What the stream has seen.
  public var statistics: StreamStatistics {
    var statistics = counts
    statistics.sessionsOpened = assembler.counts.opened
    statistics.sessionsEnded = assembler.sessions
    statistics.sessionsEvicted = assembler.counts.evicted
    statistics.sessionsOpen = assembler.openCount
    statistics.droppedEvents = assembler.counts.dropped
    statistics.cacheHits = cache.hits + earlyCache.hits
    statistics.cacheMisses = cache.misses + earlyCache.misses
    statistics.keyFailures = interpreter.abandonedLines
    statistics.drift = drift
    return statistics
  }

  /// Takes one line; a session of events where the model learned from event numbers.
  public func push(_ line: UnsafeRawBufferPointer) throws(BirchlogError) {
    if assembler.early == nil {
      assembler.early = EarlyDetector(normal: model.normal, detection: model.detection)
    }
    counts.lines += 1
    let number = UInt64(counts.lines)
    let before = counts.assigned + counts.unassigned + counts.pending
    defer {
      // A line that could not be read is accounted for too.
      if counts.assigned + counts.unassigned + counts.pending == before { counts.unassigned += 1 }
    }
    let line = InputReader.trimmed(line)
    sources.first?.archive?.note(line, number: number, offset: nil)
    if model.lines.miner == nil { return try push(sequence: line, number: number) }
    if !knowsFormat, line.contains(where: { $0 != 0x20 && $0 != 0x09 }) {
      knowsFormat = true
      json = try reader.jsonParser(InputFormat.recognise(line))
    }
    pushedSincePoll = true
    if json == nil, joiner != nil {
      counts.pending += 1
      if let record = joiner?.push(line, number: number) { add(record) }
      return
    }
    try reader.parse(line, number: number, json: json) { record throws(BirchlogError) in
      add(record, source: 0, name: name)
    }
  }

  /// Takes a record of pushed lines that is whole.
  private func add(_ joined: LineJoiner.Record) {
    counts.pending -= Int(clamping: joined.lineCount)
    joined.text.withUnsafeBytes { text in
      joined.content.withUnsafeBytes { content in
        add(
          InputReader.Record(
            text: text, content: content, key: joined.key, time: joined.time, line: joined.line,
            lineCount: joined.lineCount), source: 0, name: name)
      }
    }
  }

  /// Nothing more comes of the record at hand.
  private func release() {
    if let record = joiner?.finish() { add(record) }
  }

  private func push(
    sequence line: UnsafeRawBufferPointer, number: UInt64
  ) throws(BirchlogError) {
    guard line.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
    add(
      try wrapped { () throws(LogTextError) in
        try SequenceRecord.parse(line, line: number, path: sources.first?.path ?? "the stream")
      }, source: 0)
  }

  /// The findings on all units that have ended since the last call, or that a line has made
  /// anomalous before they end.
  ///
  /// A record that may go on over more lines is held; a second poll without a line in between lets
  /// it go.
  public func poll() throws(BirchlogError) -> [Finding] {
    if !pushedSincePoll { release() }
    pushedSincePoll = false
    let units = assembler.takeUnits()
    var findings: [Finding] = []
    var start = 0
    while start < units.count {
      let isFinal = units[start].isFinal
      let end = units[start...].firstIndex { $0.isFinal != isFinal } ?? units.count
      let part = Array(units[start..<end])
      findings +=
        isFinal
        ? try cache.findings(
          part, model: model, contexts: assembler.early?.contexts, threads: threads,
          sources: sources)
        : try earlyFindings(part)
      start = end
    }
    nameNewEvents(in: &findings)
    counts.add(findings)
    for finding in findings where finding.unit.isFinal { drift.add(finding) }
    return findings
  }

  /// Gives findings the templates of events that training never saw.
  private func nameNewEvents(in findings: inout [Finding]) {
    guard let first = interpreter.firstNewEvent else { return }
    let templates = NewTemplates(of: findings, from: first, template: interpreter.newTemplate)
    guard !templates.isEmpty else { return }
    for index in findings.indices { findings[index].newTemplates = templates }
  }

  /// The findings on units that go on, without those that look harmless: an operator marked the kind
  /// that they are of, or, where they are of none, the one they are nearest to.
  private func earlyFindings(_ units: [LocatedUnit]) throws(BirchlogError) -> [Finding] {
    try earlyCache.findings(
      units, model: model, contexts: assembler.early?.contexts, threads: threads, sources: sources
    ).filter {
      guard $0.verdict.isMarked || $0.verdict.isNearMarked else { return true }
      assembler.withdraw($0.unit.session)
      return false
    }
  }

  /// Ends everything that is open; with `ended` the ends of sessions count as evidence.
  public func flush(ended: Bool) {
    release()
    assembler.flush(ended: ended)
  }

  /// Classifies a buffer of lines as one whole input.
  public func classify(buffer: UnsafeRawBufferPointer) throws(BirchlogError) -> [Finding] {
    try requireTemplates("A buffer of lines")
    let format = reader.bufferFormat(of: buffer)
    guard format == .text || format == .jsonLines || format == .journal else {
      throw .option(
        "Option \"format\" must be \"text\", \"jsonl\" or \"journal\" for a buffer of lines.")
    }
    let source = LineSource(bytes: buffer, name: "lines", memory: options.lineMemory)
    if !sources.isEmpty { sources = [Source(path: options.source, archive: source.archive)] }
    try readText(source, format: format) { () throws(BirchlogError) in
    }
    flush(ended: false)
    return try poll()
  }

  /// Classifies files one after the other.
  ///
  /// - Parameter emit: takes each batch in the order in which units end; false cancels.
  public func classify(files: [String], emit: ([Finding]) -> Bool) throws(BirchlogError) {
    for path in files {
      let source = try wrapped { () throws(LogTextError) in
        try LineSource(path: path, source: sources.count, memory: options.lineMemory)
      }
      sources.append(Source(path: source.path, archive: source.archive))
      try read(source, emit: emit)
      assembler.endRun()
    }
    assembler.flush(ended: false)
    if assembler.readyCount > 0 { try hand(over: emit) }
    warnOfKeys()
  }

  /// Says where the key or a mask found nothing in all of the files, or gave up.
  private func warnOfKeys() {
    if model.lines.miner != nil, options.formsSessions, counts.lines > 0, counts.assigned == 0 {
      Notices.warn(
        "None of the \(counts.lines) lines has a session key \"\(options.session ?? options.keyField ?? "")\"; correct \"session\"."
      )
    }
    if interpreter.abandonedLines > 0 {
      Notices.warn(
        "The expression of \"session\" gave up on \(interpreter.abandonedLines) lines at its match limit; write a simpler one."
      )
    }
    if interpreter.abandonedMasks > 0 {
      Notices.warn(
        "An expression of \"masks\" gave up on \(interpreter.abandonedMasks) lines at its match limit, which were read without it."
      )
    }
  }

  private func read(_ source: LineSource, emit: ([Finding]) -> Bool) throws(BirchlogError) {
    let format = reader.format(of: source)
    guard format == .sequences else {
      try requireTemplates(source.path)
      return try readText(source, format: format) { () throws(BirchlogError) in
        if isBatch { try hand(over: emit) }
      }
    }
    if model.lines.miner != nil {
      throw .input(
        "\(source.path) holds event numbers, but the model learned from lines of text; give text, or a model trained on sequences."
      )
    }
    let notes = try reader.readSequences(source) { record throws(BirchlogError) in
      counts.lines += 1
      add(record, source: source.source)
      if isBatch { try hand(over: emit) }
    }
    take(notes)
  }

  /// - Parameter step: called behind each record.
  private func readText(
    _ source: LineSource, format: InputFormat, step: () throws(BirchlogError) -> Void
  ) throws(BirchlogError) {
    let name = Array(source.path.utf8)
    let notes = try reader.readText(source, format: format, header: model.lines.header) {
      record throws(BirchlogError) in
      counts.lines += Int(clamping: record.lineCount)
      add(record, source: source.source, name: name)
      try step()
    }
    take(notes)
  }

  private func take(_ notes: InputNotes) {
    counts.cutLines += notes.cutLines
    counts.lines += notes.lostLines
    counts.unassigned += notes.lostLines
    for warning in notes.warnings { Notices.warn(warning) }
  }

  private func add(_ record: SequenceRecord, source: Int) {
    counts.assigned += 1
    counts.unseenEvents += record.events.count { model.normal.vocabulary.column(of: $0) == nil }
    assembler.add(Session(record, source: source))
  }

  private func add(_ record: InputReader.Record, source: Int, name: [UInt8]) {
    let count = Int(clamping: record.lineCount)
    guard let line = interpreter.interpret(record) else {
      counts.unassigned += count
      return
    }
    if line.isUnseen { counts.unseenEvents += 1 }
    if let time = line.time { counts.logTime = max(counts.logTime ?? time, time) }
    guard options.formsSessions else {
      counts.assigned += count
      return assembler.add(
        event: line.event, line: record.place, time: line.time, source: source, name: name)
    }
    let keys = options.gapSeconds > 0 ? [name] : line.keys
    if keys.isEmpty { counts.unassigned += count } else { counts.assigned += count }
    assembler.add(
      event: line.event, keys: keys, line: record.place, time: line.time, source: source)
  }

  private var isBatch: Bool {
    assembler.readyCount >= Self.batch.units || assembler.readyEvents >= Self.batch.events
  }

  private func hand(over emit: ([Finding]) -> Bool) throws(BirchlogError) {
    guard emit(try poll()) else { throw .cancelled }
  }

  private func requireTemplates(_ what: String) throws(BirchlogError) {
    if model.lines.miner == nil {
      throw .input(
        "\(what) cannot be read as text: the model learned from event numbers and has no templates; give sequences, or train on lines."
      )
    }
  }
}

extension Session {
  /// A session of a sequence file, which is whole; without an id its line number is one.
  init(_ record: SequenceRecord, source: Int) {
    self.init(
      id: record.id ?? Array("\(record.line)".utf8), events: record.events, lines: [record.line],
      ended: true,
      source: source)
  }
}
