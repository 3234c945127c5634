/// Cuts sessions into the units that are classified.
public struct UnitMaker: Sendable {
  public let kind: Options.UnitKind
  public let window: Int
  public let stride: Int
  /// Window units carry the event after them as target, and nothing inside them is scored: the
  /// paper's windows.
  public let predictsNext: Bool
  /// The end of a session that is over is a target. False where training saw too few ends to learn
  /// from.
  public let scoresEnds: Bool

  public init(options: Options, kind: Options.UnitKind, scoresEnds: Bool = true) {
    self.scoresEnds = scoresEnds
    self.kind = kind
    window = max(1, options.window)
    stride = max(1, options.stride)
    predictsNext = options.detector == .topG && options.stride == 1
  }

  /// Number of units that a session of `count` events makes.
  public func unitCount(events count: Int) -> Int {
    guard kind == .window else { return 1 }
    if predictsNext { return count <= window ? 1 : (count - window - 1) / stride + 1 }
    return max(1, (count + stride - 1) / stride)
  }

  /// Unit `index` of a session, and the range of the session's events that it covers.
  public func unit(_ index: Int, of session: Session) -> (unit: Unit, range: Range<Int>) {
    let events = session.events
    guard kind == .window else {
      let known: Unit.Tail = session.ended ? .end : session.mayGoOn ? .open : .none
      let tail = scoresEnds ? known : .none
      return (Unit(events: events, tail: tail), 0..<events.count)
    }
    let start = min(index * stride, events.count)
    if predictsNext {
      let end = min(start + window, events.count)
      let tail: Unit.Tail = end < events.count ? .event(events[end]) : .none
      return (
        Unit(events: Array(events[start..<end]), contextCount: end - start, tail: tail), start..<end
      )
    }
    let end = min(start + stride, events.count)
    let context = max(0, start - window)
    return (Unit(events: Array(events[context..<end]), contextCount: start - context), start..<end)
  }
}
