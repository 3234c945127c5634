/// What is classified: a session or a window, as the events the model looks at.
///
/// `events[..<contextCount]` only give context; the events after them are predicted and scored, and
/// so is the tail.
public struct Unit: Sendable, Hashable {
  /// What follows the events.
  public enum Tail: Sendable, Hashable {
    /// Nothing that is known: a window, or a session where ends are not looked at.
    case none
    /// The session goes on: nothing is missing yet.
    case open
    /// The session ended here, which is scored.
    case end
    /// This event came next and is scored: the paper's window and its target.
    case event(Int32)
  }

  public var events: [Int32]
  public var contextCount: Int
  public var tail: Tail

  public init(events: [Int32], contextCount: Int = 0, tail: Tail = .none) {
    self.events = events
    self.contextCount = contextCount
    self.tail = tail
  }

  /// The events as one run of bytes, which is faster than one after the other.
  public func hash(into hasher: inout Hasher) {
    events.withUnsafeBytes { hasher.combine(bytes: $0) }
    hasher.combine(contextCount)
    hasher.combine(tail)
  }

  /// Number of scored targets, the tail included.
  public var targetCount: Int {
    events.count - contextCount + (tail == .none || tail == .open ? 0 : 1)
  }

  /// The events the unit is about: all but the context, or all where every event is context.
  public var body: ArraySlice<Int32> {
    contextCount < events.count ? events[contextCount...] : events[...]
  }

  /// Gives the events other numbers.
  mutating func renumber(_ number: (Int32) -> Int32) {
    for index in events.indices { events[index] = number(events[index]) }
    if case .event(let event) = tail { tail = .event(number(event)) }
  }
}
