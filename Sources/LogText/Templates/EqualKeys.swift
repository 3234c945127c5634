/// Finds equal numbers among many, mostly different ones, in time that does not depend on them.
struct EqualKeys {
  /// Indices plus one; 0 is empty. A power of two, at most half full.
  private var buckets: [Int32] = []

  /// The indices of keys that stand more than once, those of a key together, by their first.
  mutating func groups(of keys: [UInt64]) -> [[Int]] {
    var count = 64
    while count < 2 * keys.count { count *= 2 }
    if buckets.count == count {
      buckets.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    } else {
      buckets = [Int32](repeating: 0, count: count)
    }
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

  /// Each index whose key came before, with the index where it first came.
  private static func repeated(
    _ keys: UnsafeBufferPointer<UInt64>, _ buckets: inout UnsafeMutableBufferPointer<Int32>
  ) -> [(first: Int, index: Int)] {
    var found: [(first: Int, index: Int)] = []
    let mask = buckets.count - 1
    for index in keys.indices {
      // Sums of hashes: their bits are as good as random.
      var bucket = Int(truncatingIfNeeded: keys[index]) & mask
      while buckets[bucket] != 0, keys[Int(buckets[bucket]) - 1] != keys[index] {
        bucket = (bucket + 1) & mask
      }
      if buckets[bucket] == 0 {
        buckets[bucket] = Int32(truncatingIfNeeded: index + 1)
      } else {
        found.append((Int(buckets[bucket]) - 1, index))
      }
    }
    return found
  }
}
