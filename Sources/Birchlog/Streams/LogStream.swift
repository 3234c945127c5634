import LogText

/// Lines in, findings out; belongs to one thread at a time.
public final class LogStream {
  let model: Model
  let options: Options
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
  var sources: [Source] = []
  /// Joins pushed lines of text, where training met records of several lines.
  var joiner: LineJoiner?
  var pushedSincePoll = false
  /// Why no line is taken: the first one was no text.
  var refusal: LogTextError?
  /// It was said that no line has a session key.
  var saidKeysAreMissing = false
  /// Lines that have none; what training knew is counted only.
  var keyless = KeylessLines()
  /// It was said what lines without a key say.
  var saidKeyless = false
  /// The fields of the first record, where records have fields.
  var fields: RecordFields?
  /// What the ids of windows of pushed lines begin with.
  let name: [UInt8]

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
          path: options.source, archive: LineArchive(path: nil, memory: options.lineMemory),
          isJSON: json != nil)
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
    statistics.isRefused = refusal != nil
    return statistics
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
    if !ended, assembler.early != nil { warnOfMissingKeys() }
    assembler.flush(ended: ended)
  }

  func add(_ record: SequenceRecord, source: Int) {
    counts.assigned += 1
    counts.unseenEvents += record.events.count { model.normal.vocabulary.column(of: $0) == nil }
    assembler.add(Session(record, source: source))
  }

  func add(_ record: InputReader.Record, source: Int, name: [UInt8]) {
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
    let keys = options.namesSessionsByInput ? [name] : line.keys
    if keys.isEmpty {
      counts.unassigned += count
      keyless.add(
        record.text, lines: count, event: line.event,
        isNew: !model.lines.knowsKeyless(line.event))
    } else {
      counts.assigned += count
    }
    assembler.add(
      event: line.event, keys: keys, line: record.place, time: line.time, source: source)
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
