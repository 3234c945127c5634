/// Finds equal numbers among many, mostly different ones, in time that does not depend on them.
struct EqualKeys {
  /// Indices plus one; 0 is empty. A power of two, at most half full.
  private var buckets: [Int32] = []

  /// The indices of keys that stand more than once, those of a key together, by their first.
  mutating func groups(of keys: [UInt64]) -> [[Int]] {
    empty(for: keys.count)
    let later = buckets.withUnsafeMutableBufferPointer { buckets in
      keys.withUnsafeBufferPointer { Self.repeated($0, &buckets) }
    }
    guard !later.isEmpty else { return [] }
    var groupOfFirst: [Int: Int] = [:]
    var groups: [[Int]] = []
    for (first, index) in later {
      if let group = groupOfFirst[first] {
        groups[group].append(index)
      } else {
        groupOfFirst[first] = groups.count
        groups.append([first, index])
      }
    }
    return groups.sorted { $0[0] < $1[0] }
  }

  /// For each key whether it stands more than once.
  mutating func areRepeated(_ keys: [UInt64]) -> [Bool] {
    empty(for: keys.count)
    var areRepeated = [Bool](repeating: false, count: keys.count)
    buckets.withUnsafeMutableBufferPointer { buckets in
      keys.withUnsafeBufferPointer { keys in
        for index in keys.indices {
          let bucket = Self.bucket(of: keys[index], keys, buckets)
          if buckets[bucket] == 0 {
            buckets[bucket] = Int32(truncatingIfNeeded: index + 1)
          } else {
            areRepeated[index] = true
            areRepeated[Int(buckets[bucket]) - 1] = true
          }
        }
      }
    }
    return areRepeated
  }

  private mutating func empty(for keys: Int) {
    var count = 64
    while count < 2 * keys { count *= 2 }
    if buckets.count == count {
      buckets.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    } else {
      buckets = [Int32](repeating: 0, count: count)
    }
  }

  /// The bucket where a key stands, or where it belongs.
  @inline(__always)
  private static func bucket(
    of key: UInt64, _ keys: UnsafeBufferPointer<UInt64>,
    _ buckets: UnsafeMutableBufferPointer<Int32>
  ) -> Int {
    let mask = buckets.count - 1
    // Hashes or sums of hashes: their bits are as good as random.
    var bucket = Int(truncatingIfNeeded: key) & mask
    while buckets[bucket] != 0, keys[Int(buckets[bucket]) - 1] != key {
      bucket = (bucket + 1) & mask
    }
    return bucket
  }

  /// Each index whose key came before, with the index where it first came.
  private static func repeated(
    _ keys: UnsafeBufferPointer<UInt64>, _ buckets: inout UnsafeMutableBufferPointer<Int32>
  ) -> [(first: Int, index: Int)] {
    var found: [(first: Int, index: Int)] = []
    for index in keys.indices {
      let bucket = bucket(of: keys[index], keys, buckets)
      if buckets[bucket] == 0 {
        buckets[bucket] = Int32(truncatingIfNeeded: index + 1)
      } else {
        found.append((Int(buckets[bucket]) - 1, index))
      }
    }
    return found
  }
}
