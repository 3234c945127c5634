/// Cuts one endless run of events into windows as it comes, keeping no more than a window of the
/// past.
struct WindowCutter {
  private let maker: UnitMaker
  private let source: Int
  private let name: [UInt8]
  private var events: [Int32] = []
  private var lines: [UInt64] = []
  /// The times of the events behind the context.
  private var times: ClosedRange<Int64>?
  /// How many of `events` at the front have been scored and are context now.
  private var contextCount = 0
  private var emitted = 0
  /// What the events of the window at hand have shown so far.
  private var score = OpenScore()

  /// - Parameter name: what a window's id begins with, before `:first-last`.
  init(maker: UnitMaker, name: [UInt8], source: Int) {
    self.maker = maker
    self.name = name
    self.source = source
  }

  /// Takes one event; returns the window that it completes, or the one that `early` calls anomalous
  /// before it is complete.
  mutating func add(
    _ event: Int32, line: UInt64, time: Int64? = nil, early: EarlyDetector? = nil
  ) -> LocatedUnit? {
    events.append(event)
    lines.append(line)
    times = times.widened(by: time)
    if maker.predictsNext {
      guard events.count > maker.window else { return nil }
      let unit = Unit(
        events: Array(events[..<maker.window]), contextCount: maker.window, tail: .event(event))
      let located = locate(unit, lines: Array(lines[..<maker.window]))
      events.removeFirst(maker.stride)
      lines.removeFirst(maker.stride)
      return located
    }
    if events.count - contextCount >= maker.stride { return takeWindow() }
    guard let early else { return nil }
    let isFound = events.withUnsafeBufferPointer {
      early.observe($0, from: contextCount, score: &score)
    }
    return isFound ? unfinishedWindow : nil
  }

  /// The window at hand as it stands.
  private var unfinishedWindow: LocatedUnit {
    var copy = self
    var located = copy.locate(Unit(events: events, contextCount: contextCount), lines: lines)
    located.isFinal = false
    return located
  }

  /// The rest that fills no window; nil when nothing is left.
  mutating func finish() -> LocatedUnit? {
    if maker.predictsNext {
      guard emitted == 0, !events.isEmpty else { return nil }
      return locate(Unit(events: events, contextCount: events.count), lines: lines)
    }
    return events.count > contextCount ? takeWindow() : nil
  }

  func write(to writer: SnapshotWriter) {
    var run = Session(id: name, events: events, lines: lines, ended: false, source: source)
    run.offset = contextCount
    run.times = times
    run.write(to: writer)
    writer.write(emitted)
    score.write(to: writer)
  }

  /// Reads what ``write(to:)`` wrote.
  init(maker: UnitMaker, _ reader: inout SnapshotReader, eventLimit: Int32?) throws(BirchlogError) {
    let run = try Session(&reader, eventLimit: eventLimit)
    self.init(maker: maker, name: run.id, source: run.source)
    // No more than a window of the past and a window at hand; the lines go with the events.
    guard run.offset <= run.events.count, run.lines.count == run.events.count,
      run.events.count <= 2 * maker.window + maker.stride
    else { throw reader.damaged }
    (events, lines, contextCount) = (run.events, run.lines, run.offset)
    times = run.times
    emitted = try reader.count()
    score = try OpenScore(&reader)
  }

  private mutating func takeWindow() -> LocatedUnit {
    let located = locate(Unit(events: events, contextCount: contextCount), lines: lines)
    let excess = max(0, events.count - maker.window)
    events.removeFirst(excess)
    lines.removeFirst(excess)
    contextCount = events.count
    score = OpenScore()
    times = nil
    return located
  }

  private mutating func locate(_ unit: Unit, lines: [UInt64]) -> LocatedUnit {
    var located = LocatedUnit(
      unit: unit, session: [], window: emitted, lines: lines, times: times, isOpen: false,
      source: source)
    if let span = located.lineSpan {
      located.session = name + Array(":\(span.first)-\(span.last)".utf8)
    }
    emitted += 1
    return located
  }
}
