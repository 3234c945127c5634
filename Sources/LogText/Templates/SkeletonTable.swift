import Glibc

/// Remembers which template each skeleton belongs to: a hash table that only grows, cleared as a whole.
struct SkeletonTable: Sendable {
  /// The template of a skeleton: its id, and the slot that held it.
  struct Entry: Sendable {
    fileprivate(set) var hash: UInt64
    fileprivate var start: Int
    fileprivate var count: Int
    var slot: Int32
    var id: Int32
  }

  private(set) var entries: [Entry] = []
  private var bytes: [UInt8] = []
  /// Indices into `entries` plus one; 0 is empty. A power of two, at most half full.
  private var buckets = [Int32](repeating: 0, count: 1024)

  var count: Int { entries.count }
  /// Bytes of all skeletons together.
  var size: Int { bytes.count }

  /// The entry of a skeleton, or nil.
  func find(_ skeleton: [UInt8], hash: UInt64) -> Entry? {
    let mask = buckets.count - 1
    var bucket = Int(truncatingIfNeeded: hash) & mask
    while buckets[bucket] != 0 {
      let entry = entries[Int(buckets[bucket]) - 1]
      if entry.hash == hash, isEqual(entry, skeleton) { return entry }
      bucket = (bucket + 1) & mask
    }
    return nil
  }

  /// Adds a skeleton, or gives it another template.
  mutating func set(_ skeleton: [UInt8], hash: UInt64, slot: Int32, id: Int32) {
    let index = index(skeleton, hash: hash)
    entries[index].slot = slot
    entries[index].id = id
  }

  /// The index of a skeleton's entry, which is added where there is none.
  mutating func index(_ skeleton: [UInt8], hash: UInt64) -> Int {
    let mask = buckets.count - 1
    var bucket = Int(truncatingIfNeeded: hash) & mask
    while buckets[bucket] != 0 {
      let index = Int(buckets[bucket]) - 1
      if entries[index].hash == hash, isEqual(entries[index], skeleton) { return index }
      bucket = (bucket + 1) & mask
    }
    entries.append(Entry(hash: hash, start: bytes.count, count: skeleton.count, slot: 0, id: 0))
    bytes.append(contentsOf: skeleton)
    buckets[bucket] = Int32(truncatingIfNeeded: entries.count)
    if entries.count * 2 > buckets.count { grow() }
    return entries.count - 1
  }

  /// The skeleton of an entry.
  func skeleton(of entry: Entry) -> [UInt8] {
    Array(bytes[entry.start..<(entry.start + entry.count)])
  }

  private func isEqual(_ entry: Entry, _ skeleton: [UInt8]) -> Bool {
    guard entry.count == skeleton.count else { return false }
    return bytes.withUnsafeBytes { stored in
      skeleton.withUnsafeBytes { given in
        guard let own = stored.baseAddress, let other = given.baseAddress else { return true }
        return memcmp(own + entry.start, other, given.count) == 0
      }
    }
  }

  private mutating func grow() {
    buckets = [Int32](repeating: 0, count: buckets.count * 2)
    let mask = buckets.count - 1
    for (index, entry) in entries.enumerated() {
      var bucket = Int(truncatingIfNeeded: entry.hash) & mask
      while buckets[bucket] != 0 { bucket = (bucket + 1) & mask }
      buckets[bucket] = Int32(truncatingIfNeeded: index + 1)
    }
  }
}
