/// Remembers how surprising an event was behind a window: a fixed table in which a newer entry
/// takes the place of an older one.
struct SurpriseCache {
  /// What the model of normal says of an event in its place.
  struct Outcome: Equatable {
    /// In nats.
    var surprise: Float
    /// Place of the event by probability, from 1.
    var rank: Int32
  }

  /// Entries of a set, one of which a key must be in.
  private static let ways = 4

  private let width: Int
  private let mask: Int
  /// `width` tokens an entry.
  private var keys: [Int32]
  /// A rank of 0 marks an empty entry.
  private var outcomes: [Outcome]
  private var turn = 0
  private(set) var hits = 0
  private(set) var misses = 0

  /// - Parameters:
  ///   - window: tokens before the event.
  ///   - entries: how many are remembered; a power of two of 4 or more.
  init(window: Int, entries: Int = 1 << 16) {
    width = window + 1
    mask = entries / Self.ways - 1
    keys = [Int32](repeating: 0, count: entries * width)
    outcomes = [Outcome](repeating: Outcome(surprise: 0, rank: 0), count: entries)
  }

  /// The outcome for a window and the event behind it.
  mutating func find(_ key: [Int32]) -> Outcome? {
    let first = set(of: key)
    for entry in first..<(first + Self.ways) where outcomes[entry].rank != 0 && holds(key, entry) {
      hits += 1
      return outcomes[entry]
    }
    misses += 1
    return nil
  }

  mutating func insert(_ outcome: Outcome, for key: [Int32]) {
    let first = set(of: key)
    turn = (turn + 1) % Self.ways
    var entry = first + turn
    for other in first..<(first + Self.ways) where outcomes[other].rank == 0 {
      entry = other
      break
    }
    outcomes[entry] = outcome
    for index in 0..<width { keys[entry * width + index] = key[index] }
  }

  private func holds(_ key: [Int32], _ entry: Int) -> Bool {
    for index in 0..<width where keys[entry * width + index] != key[index] { return false }
    return true
  }

  private func set(of key: [Int32]) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in 0..<width {
      hash = (hash ^ UInt64(truncatingIfNeeded: key[index])) &* 0x9e37_79b9_7f4a_7c15
      hash ^= hash >> 29
    }
    return (Int(truncatingIfNeeded: hash >> 20) & mask) * Self.ways
  }
}
