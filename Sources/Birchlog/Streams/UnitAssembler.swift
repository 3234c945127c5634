/// Gathers events into units as they come: by session key, by windows, or whole sessions at once.
struct UnitAssembler {
  let maker: UnitMaker
  /// Sessions are stretches of one run, parted where no line comes for a while.
  private let isParted: Bool
  /// A session is all of a source, which ends with it.
  private let isWhole: Bool
  private var table: SessionTable
  private var cutter: WindowCutter?
  private var ready: [LocatedUnit] = []
  private(set) var sessions = 0
  /// Finds open units anomalous before they end; nil where only ends count.
  var early: EarlyDetector?

  init(options: Options, unitKind: Options.UnitKind, scoresEnds: Bool = true) {
    maker = UnitMaker(options: options, kind: unitKind, scoresEnds: scoresEnds)
    isParted = options.gapSeconds > 0
    isWhole = options.isSessionFile
    let idle = isWhole ? 0 : isParted ? options.gapSeconds : options.idleSeconds
    table = SessionTable(
      limits: .init(
        sessions: options.maxSessions, bytes: options.maxBytes,
        idle: idle > 0 ? Int64(idle * 1000) : nil,
        events: Self.sessionEventLimit))
  }

  /// Events of one session that are kept.
  static let sessionEventLimit = 1_048_576

  var counts: SessionTable.Counts { table.counts }
  var openCount: Int { table.openCount }
  /// Units that wait to be taken.
  var readyCount: Int { ready.count }
  /// Events of these units.
  private(set) var readyEvents = 0

  /// Adds an event to each session that its line names.
  mutating func add(event: Int32, keys: [[UInt8]], line: UInt64, time: Int64?, source: Int) {
    for key in keys {
      let place = table.add(key: key, event: event, line: line, time: time, source: source)
      collect()
      guard let early, maker.kind == .session, let place else { continue }
      if table.observe(place, { early.observe($0, score: &$1) }) {
        for var unit in maker.units(of: named(table.session(at: place))) {
          unit.isFinal = false
          keep(unit)
        }
      }
    }
  }

  /// Adds an event to the endless run of its source.
  ///
  /// - Parameter name: what the windows' ids begin with.
  mutating func add(event: Int32, line: UInt64, time: Int64?, source: Int, name: [UInt8]) {
    if cutter == nil { cutter = WindowCutter(maker: maker, name: name, source: source) }
    if let unit = cutter?.add(event, line: line, time: time, early: early) { keep(unit) }
  }

  /// Adds a whole session.
  mutating func add(_ session: Session) {
    sessions += 1
    for unit in maker.units(of: session) { keep(unit) }
  }

  /// The source ends, and with it its endless run or the session that it is.
  mutating func endRun() {
    if isWhole {
      table.flush(ended: true)
      collect()
    }
    endWindows()
  }

  private mutating func endWindows() {
    if let rest = cutter?.finish() { keep(rest) }
    if cutter != nil { sessions += 1 }
    cutter = nil
  }

  /// Closes everything that is open; with `ended` the ends of sessions count as evidence.
  mutating func flush(ended: Bool) {
    endWindows()
    table.flush(ended: ended)
    collect()
  }

  /// The session of a key was called anomalous for something harmless.
  mutating func withdraw(_ key: [UInt8]) { table.withdraw(key) }

  /// The units that are complete since the last call.
  mutating func takeUnits() -> [LocatedUnit] {
    defer {
      ready.removeAll(keepingCapacity: true)
      readyEvents = 0
    }
    return ready
  }

  /// Writes the sessions and the window at hand.
  func write(to writer: SnapshotWriter) throws(BirchlogError) {
    writer.write(sessions)
    writer.write(cutter == nil ? 0 : 1)
    cutter?.write(to: writer)
    try table.write(to: writer)
  }

  /// Reads what ``write(to:)`` wrote into an assembler that holds nothing.
  mutating func restore(
    _ reader: inout SnapshotReader, eventLimit: Int32?
  ) throws(BirchlogError) {
    sessions = try reader.count()
    if try reader.unsigned() != 0 {
      cutter = try WindowCutter(maker: maker, &reader, eventLimit: eventLimit)
    }
    try table.restore(&reader, eventLimit: eventLimit)
  }

  private mutating func collect() {
    for session in table.takeEnded() {
      sessions += 1
      for unit in maker.units(of: named(session)) { keep(unit) }
    }
  }

  private mutating func keep(_ unit: LocatedUnit) {
    ready.append(unit)
    readyEvents += unit.unit.events.count
  }

  /// A stretch of a run is named by its lines.
  private func named(_ session: Session) -> Session {
    guard isParted, let first = session.lines.first, let last = session.lines.last else {
      return session
    }
    var session = session
    session.id += Array(":\(LinePlace.first(first))-\(LinePlace.last(last))".utf8)
    return session
  }
}
