/// A unit and where it came from.
public struct LocatedUnit: Sendable {
  public var unit: Unit
  /// Bytes of the session's id.
  public var session: [UInt8]
  /// Position of the window in its session from 0; nil when the unit is a session.
  public var window: Int?
  /// Where each event of `unit.events` stands (``LinePlace``); empty when it came as event ids, one
  /// place for a whole session of a `.seq`.
  public var lines: [UInt64]
  /// Milliseconds since 1970 of the first and last event of the body; nil where the lines show none.
  public var times: ClosedRange<Int64>?
  /// The session had not ended.
  public var isOpen: Bool
  /// Index into the input's sources.
  public var source: Int
  /// False for a unit that goes on and was found anomalous on the way.
  public var isFinal = true

  /// First and last line of the body; nil when it came as event ids.
  public var lineSpan: (first: UInt64, last: UInt64)? {
    guard let whole = lines.first, let last = lines.last.map(LinePlace.last) else { return nil }
    guard lines.count == unit.events.count, unit.contextCount < lines.count else {
      return (LinePlace.first(whole), last)
    }
    return (LinePlace.first(lines[unit.contextCount]), last)
  }

  /// The line of the event at a position of `unit.events`, where it is known.
  public func line(at position: Int) -> UInt64? {
    lines.count == unit.events.count && lines.indices.contains(position)
      ? LinePlace.first(lines[position]) : nil
  }
}

extension UnitMaker {
  /// The units of a whole session, in order.
  func units(of session: Session) -> [LocatedUnit] {
    (0..<unitCount(events: session.events.count)).map { index in
      let (unit, range) = unit(index, of: session)
      let first = range.upperBound - unit.events.count
      let perEvent = session.lines.count == session.events.count
      return LocatedUnit(
        unit: unit, session: session.id, window: kind == .window ? index : nil,
        lines: perEvent ? Array(session.lines[max(first, 0)..<range.upperBound]) : session.lines,
        times: kind == .session ? session.times : nil,
        isOpen: kind == .session && !session.ended, source: session.source)
    }
  }
}
