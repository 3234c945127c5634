/// Units laid out for a file: all events in one run with offsets, and numbers that describe each.
struct UnitRuns {
  /// All events, `[total]`, and where each unit's begin, `[units + 1]`.
  private(set) var events: [Int32] = []
  private(set) var offsets: [Int64] = [0]

  /// What describes a unit beside its events: how many are context, and its tail (−3 open, −2 none, −1
  /// the end, else the next event).
  static func fields(of unit: Unit) -> [Int64] {
    let tail: Int64 =
      switch unit.tail {
      case .open: -3
      case .none: -2
      case .end: -1
      case .event(let event): Int64(event)
      }
    return [Int64(unit.contextCount), tail]
  }

  mutating func add(_ unit: Unit) {
    events += unit.events
    offsets.append(Int64(events.count))
  }

  func tensors(prefix: String) -> [StoredTensor] {
    [
      StoredTensor(name: prefix + "events", shape: [events.count], int32s: events),
      StoredTensor(name: prefix + "offsets", shape: [offsets.count], int64s: offsets),
    ]
  }

  init() {}

  /// Takes what a file holds; nil when the offsets do not fit the events.
  init?(events: [Int32], offsets: [Int64]) {
    guard offsets.first == 0, offsets.last == Int64(events.count),
      zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 })
    else { return nil }
    (self.events, self.offsets) = (events, offsets)
  }

  var count: Int { offsets.count - 1 }

  /// The unit at a place with its fields; nil when these are amiss.
  func unit(_ index: Int, fields: ArraySlice<Int64>) -> Unit? {
    guard index < count, fields.count == 2, let context = fields.first, let stored = fields.last,
      let tail = Self.tail(stored)
    else { return nil }
    let own = Array(events[Int(offsets[index])..<Int(offsets[index + 1])])
    guard let context = Int(exactly: context), (0...own.count).contains(context) else { return nil }
    return Unit(events: own, contextCount: context, tail: tail)
  }

  private static func tail(_ value: Int64) -> Unit.Tail? {
    switch value {
    case -3: .open
    case -2: Unit.Tail.none
    case -1: .end
    default: value >= 0 ? Int32(exactly: value).map { .event($0) } : nil
    }
  }
}
