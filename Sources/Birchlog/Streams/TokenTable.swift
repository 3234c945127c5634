/// Places for keys of a fixed number of tokens: a table of a fixed size in which a newer key takes
/// the place of an older one.
struct TokenTable {
  /// Places of a set, one of which a key must be in.
  private static let ways = 4

  private let width: Int
  private let mask: Int
  /// `width` tokens a place.
  private var keys: [Int32]
  private var isTaken: [Bool]
  private var turn = 0

  /// - Parameters:
  ///   - width: tokens of a key.
  ///   - count: how many keys are held; a power of two of 4 or more.
  init(width: Int, count: Int) {
    self.width = width
    mask = count / Self.ways - 1
    keys = [Int32](repeating: 0, count: count * width)
    isTaken = [Bool](repeating: false, count: count)
  }

  /// The place of a key that is held.
  func find(_ key: UnsafePointer<Int32>) -> Int? {
    let first = set(of: key)
    for place in first..<(first + Self.ways) where isTaken[place] && holds(key, place) {
      return place
    }
    return nil
  }

  /// Takes a key that is not held; returns its place.
  mutating func insert(_ key: UnsafePointer<Int32>) -> Int {
    let first = set(of: key)
    turn = (turn + 1) % Self.ways
    var place = first + turn
    for other in first..<(first + Self.ways) where !isTaken[other] {
      place = other
      break
    }
    isTaken[place] = true
    for index in 0..<width { keys[place * width + index] = key[index] }
    return place
  }

  private func holds(_ key: UnsafePointer<Int32>, _ place: Int) -> Bool {
    for index in 0..<width where keys[place * width + index] != key[index] { return false }
    return true
  }

  private func set(of key: UnsafePointer<Int32>) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in 0..<width {
      hash = (hash ^ UInt64(truncatingIfNeeded: key[index])) &* 0x9e37_79b9_7f4a_7c15
      hash ^= hash >> 29
    }
    return (Int(truncatingIfNeeded: hash >> 20) & mask) * Self.ways
  }
}
