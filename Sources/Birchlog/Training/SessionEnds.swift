/// Whether training saw the ends of enough sessions to learn when a session may end.
///
/// A log that is shorter than the idle time, or that was cut, shows sessions that go on beyond it. A
/// network that hardly ever saw an end finds every end surprising, and the threshold, which comes
/// from sessions that go on, does not make up for it.
struct SessionEnds {
  /// Units whose session was over, and all of them.
  private(set) var ended = 0
  private(set) var all = 0

  /// Counts the units that normal behaviour is learned from: the clean ones, where there are any.
  ///
  /// - Parameter isClean: only clean units count, though the store may hold none.
  init(_ store: UnitStore, isClean: Bool = false) {
    let hasClean = isClean || store.entries.contains { $0.normalCount > 0 }
    for entry in store.entries {
      let count = hasClean ? entry.normalCount : entry.count
      all += count
      if entry.unit.tail == .end { ended += count }
    }
  }

  /// Ends are learned where most sessions show theirs, or where they are enough to estimate a rate
  /// of false alarms by (one over that rate) and a quarter of all: should every false alarm fall on
  /// a session that ended, the rate among those still stays below four times the target.
  func areLearned(rate: Double) -> Bool {
    2 * ended >= all || 4 * ended >= all && Double(ended) * rate >= 1
  }
}
