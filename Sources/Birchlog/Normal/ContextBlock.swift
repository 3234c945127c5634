/// The different contexts of some token sequences, each once.
struct ContextBlock {
  /// `[count, window]`.
  private(set) var tokens: [Int32] = []
  private(set) var count = 0
  private let window: Int
  /// Drawn anew in each process, so that nobody can tell which contexts begin at one place. Rows are
  /// numbered as they come: no result depends on it.
  private static let seed = UInt64.random(in: .min ... .max)
  private let seed = Self.seed
  /// The row of a context at the first place from its hash that is free or its own, or −1. At most half
  /// of the places are taken, and their number is a power of two.
  private var places = [Int32](repeating: -1, count: 1 << 10)

  init(window: Int) { self.window = window }

  /// Adds a sequence's contexts; returns the row of each target's and, if it is wanted or there is no
  /// target, that after the last event.
  mutating func add(_ sequence: TokenSequence, afterLast: Bool) -> [Int32] {
    var result: [Int32] = []
    result.reserveCapacity(sequence.targets.count + 1)
    sequence.tokens.withUnsafeBufferPointer { all in
      for position in sequence.targets {
        result.append(add(UnsafeBufferPointer(rebasing: all[(position - window)..<position])))
      }
      if afterLast || sequence.targets.isEmpty {
        let end = sequence.end
        result.append(add(UnsafeBufferPointer(rebasing: all[(end - window)..<end])))
      }
    }
    return result
  }

  private mutating func add(_ context: UnsafeBufferPointer<Int32>) -> Int32 {
    if 2 * count >= places.count { grow() }
    let place = place(of: context)
    if places[place] < 0 {
      places[place] = Int32(truncatingIfNeeded: count)
      count += 1
      tokens.append(contentsOf: context)
    }
    return places[place]
  }

  /// Where a context stands, or would stand.
  private func place(of context: UnsafeBufferPointer<Int32>) -> Int {
    let mask = places.count - 1
    var place = Int(truncatingIfNeeded: hash(context) >> 20) & mask
    return tokens.withUnsafeBufferPointer { tokens in
      places.withUnsafeBufferPointer { places in
        while places[place] >= 0 {
          let row = UnsafeBufferPointer(
            rebasing: tokens[(Int(places[place]) * window)..<((Int(places[place]) + 1) * window)])
          if row.elementsEqual(context) { break }
          place = (place + 1) & mask
        }
        return place
      }
    }
  }

  private mutating func grow() {
    places = [Int32](repeating: -1, count: 2 * places.count)
    tokens.withUnsafeBufferPointer { tokens in
      for row in 0..<count {
        let context = UnsafeBufferPointer(rebasing: tokens[(row * window)..<((row + 1) * window)])
        // All rows differ, so the first free place is its own.
        let mask = places.count - 1
        var place = Int(truncatingIfNeeded: hash(context) >> 20) & mask
        while places[place] >= 0 { place = (place + 1) & mask }
        places[place] = Int32(truncatingIfNeeded: row)
      }
    }
  }

  private func hash(_ context: UnsafeBufferPointer<Int32>) -> UInt64 {
    var hash = seed
    for token in context {
      hash = (hash ^ UInt64(truncatingIfNeeded: token)) &* 0x9e37_79b9_7f4a_7c15
      hash ^= hash >> 29
    }
    return hash
  }
}
