/// Remembers how surprising an event was behind a window, for a fixed number of them.
struct SurpriseCache {
  /// What the model of normal says of an event in its place.
  struct Outcome: Equatable {
    /// In nats.
    var surprise: Float
    /// Place of the event by probability, from 1.
    var rank: Int32
  }

  private var table: TokenTable
  private var outcomes: [Outcome]
  private(set) var hits = 0
  private(set) var misses = 0

  /// - Parameters:
  ///   - window: tokens before the event.
  ///   - entries: how many are remembered; a power of two of 4 or more.
  init(window: Int, entries: Int = 1 << 16) {
    table = TokenTable(width: window + 1, count: entries)
    outcomes = [Outcome](repeating: Outcome(surprise: 0, rank: 0), count: entries)
  }

  /// The outcome for a window and the event behind it.
  mutating func find(_ key: UnsafePointer<Int32>) -> Outcome? {
    guard let place = table.find(key) else {
      misses += 1
      return nil
    }
    hits += 1
    return outcomes[place]
  }

  mutating func insert(_ outcome: Outcome, for key: UnsafePointer<Int32>) {
    outcomes[table.insert(key)] = outcome
  }
}
