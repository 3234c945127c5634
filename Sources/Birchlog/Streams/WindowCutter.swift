/// Cuts one endless run of events into windows as it comes, keeping no more than a window of the
/// past.
struct WindowCutter {
  private let maker: UnitMaker
  private let source: Int
  private let name: [UInt8]
  private var events: [Int32] = []
  private var lines: [UInt64] = []
  /// How many of `events` at the front have been scored and are context now.
  private var contextCount = 0
  private var emitted = 0

  /// - Parameter name: what a window's id begins with, before `:first-last`.
  init(maker: UnitMaker, name: [UInt8], source: Int) {
    self.maker = maker
    self.name = name
    self.source = source
  }

  /// Takes one event; returns the window that it completes.
  mutating func add(_ event: Int32, line: UInt64) -> LocatedUnit? {
    events.append(event)
    lines.append(line)
    if maker.predictsNext {
      guard events.count > maker.window else { return nil }
      let unit = Unit(
        events: Array(events[..<maker.window]), contextCount: maker.window, tail: .event(event))
      let located = locate(unit, lines: Array(lines[..<maker.window]))
      events.removeFirst(maker.stride)
      lines.removeFirst(maker.stride)
      return located
    }
    return events.count - contextCount >= maker.stride ? takeWindow() : nil
  }

  /// The rest that fills no window; nil when nothing is left.
  mutating func finish() -> LocatedUnit? {
    if maker.predictsNext {
      guard emitted == 0, !events.isEmpty else { return nil }
      return locate(Unit(events: events, contextCount: events.count), lines: lines)
    }
    return events.count > contextCount ? takeWindow() : nil
  }

  private mutating func takeWindow() -> LocatedUnit {
    let located = locate(Unit(events: events, contextCount: contextCount), lines: lines)
    let excess = max(0, events.count - maker.window)
    events.removeFirst(excess)
    lines.removeFirst(excess)
    contextCount = events.count
    return located
  }

  private mutating func locate(_ unit: Unit, lines: [UInt64]) -> LocatedUnit {
    var located = LocatedUnit(
      unit: unit, session: [], window: emitted, lines: lines, isOpen: false, source: source)
    if let span = located.lineSpan {
      located.session = name + Array(":\(span.first)-\(span.last)".utf8)
    }
    emitted += 1
    return located
  }
}
