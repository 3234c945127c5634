/// Keeps the number of events that a model tells apart within bounds: where training meets more, the
/// rare ones share one.
///
/// A network's size and time grow with its events, and an event that came once teaches nothing that
/// could come again.
struct RareEvents {
  /// Events that a model holds at most.
  static let limit = 4_096

  /// The events that stand for themselves; nil where all do.
  private let kept: Set<Int32>?
  /// The first number that training did not give.
  let firstNew: Int32?
  /// Events that share one, and how often they came.
  private(set) var events = 0
  private(set) var occurrences = 0

  /// - Parameter limit: events at most, the shared one among them.
  init(_ store: UnitStore, limit: Int = limit) {
    var counts: [Int32: Int] = [:]
    for entry in store.entries {
      for event in entry.unit.body { counts[event, default: 0] += entry.count }
      if case .event(let next) = entry.unit.tail { counts[next, default: 0] += entry.count }
    }
    guard counts.count > limit else {
      kept = nil
      firstNew = nil
      return
    }
    let repeated = counts.filter { $0.value > 1 }.sorted {
      ($1.value, $0.key) < ($0.value, $1.key)
    }
    let kept = Set(repeated.prefix(max(0, limit - 1)).map(\.key))
    for (event, count) in counts where !kept.contains(event) {
      events += 1
      occurrences += count
    }
    self.kept = kept
    firstNew = counts.keys.max().map { $0 < Vocabulary.rareEvent ? $0 + 1 : $0 }
  }

  /// The units with the rare events as one; those that then are equal become one.
  func shared(_ store: UnitStore) -> UnitStore {
    guard let kept else { return store }
    let share = { (event: Int32) in kept.contains(event) ? event : Vocabulary.rareEvent }
    return store.changed { unit in
      unit.events = unit.events.map(share)
      if case .event(let next) = unit.tail { unit.tail = .event(share(next)) }
    }
  }

  /// What was done, for the user; nil where nothing was.
  var warning: String? {
    guard kept != nil else { return nil }
    return
      "There are more than \(RareEvents.limit) different events; the rarest, \(events) with \(occurrences) occurrences, share one and are not told apart. Check \"header\", or name what varies with \"masks\"."
  }
}
