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

  /// Where an entry is filed.
  private struct Bucket {
    /// Index into `entries` plus one; 0 where the bucket is empty.
    var number: Int32 = 0
    /// The upper half of its hash, so that hardly any other entry is looked at.
    var tag: UInt32 = 0
  }

  private(set) var entries: [Entry] = []
  private var bytes: [UInt8] = []
  /// A power of two of them, at most half full.
  private var buckets = [Bucket](repeating: Bucket(), count: 1024)

  var count: Int { entries.count }
  /// Bytes of all skeletons together.
  var size: Int { bytes.count }

  /// The entry of a skeleton, or nil.
  func find(_ skeleton: UnsafeRawBufferPointer, hash: UInt64) -> Entry? {
    let number = search(skeleton, hash: hash).number
    return number > 0 ? entries[number - 1] : nil
  }

  /// The number of a skeleton's entry, or 0 and the bucket where it belongs.
  @inline(__always)
  private func search(
    _ skeleton: UnsafeRawBufferPointer, hash: UInt64
  ) -> (number: Int, bucket: Int) {
    buckets.withUnsafeBufferPointer { buckets in
      let mask = buckets.count - 1
      let tag = UInt32(truncatingIfNeeded: hash >> 32)
      var index = Int(truncatingIfNeeded: hash) & mask
      while buckets[index].number != 0 {
        let number = Int(buckets[index].number)
        if buckets[index].tag == tag, isEqual(number - 1, hash, skeleton) { return (number, index) }
        index = (index + 1) & mask
      }
      return (0, index)
    }
  }

  /// Adds a skeleton, or gives it another template.
  mutating func set(_ skeleton: UnsafeRawBufferPointer, hash: UInt64, slot: Int32, id: Int32) {
    let index = index(skeleton, hash: hash)
    entries[index].slot = slot
    entries[index].id = id
  }

  /// The index of a skeleton's entry, which is added where there is none.
  mutating func index(_ skeleton: UnsafeRawBufferPointer, hash: UInt64) -> Int {
    let (number, bucket) = search(skeleton, hash: hash)
    guard number == 0 else { return number - 1 }
    entries.append(Entry(hash: hash, start: bytes.count, count: skeleton.count, slot: 0, id: 0))
    bytes.append(contentsOf: skeleton)
    buckets[bucket] = Bucket(
      number: Int32(truncatingIfNeeded: entries.count), tag: UInt32(truncatingIfNeeded: hash >> 32))
    if entries.count * 2 > buckets.count { grow() }
    return entries.count - 1
  }

  /// Hands over the skeleton of an entry.
  func withSkeleton<Result>(
    of entry: Entry, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    bytes.withUnsafeBytes {
      body(UnsafeRawBufferPointer(rebasing: $0[entry.start..<(entry.start + entry.count)]))
    }
  }

  @inline(__always)
  private func isEqual(_ index: Int, _ hash: UInt64, _ skeleton: UnsafeRawBufferPointer) -> Bool {
    entries.withUnsafeBufferPointer { entries in
      guard entries[index].hash == hash, entries[index].count == skeleton.count else {
        return false
      }
      let start = entries[index].start
      return bytes.withUnsafeBytes { stored in
        guard let own = stored.baseAddress, let other = skeleton.baseAddress else { return true }
        return memcmp(own + start, other, skeleton.count) == 0
      }
    }
  }

  private mutating func grow() {
    buckets = [Bucket](repeating: Bucket(), count: buckets.count * 2)
    let mask = buckets.count - 1
    for (index, entry) in entries.enumerated() {
      var bucket = Int(truncatingIfNeeded: entry.hash) & mask
      while buckets[bucket].number != 0 { bucket = (bucket + 1) & mask }
      buckets[bucket] = Bucket(
        number: Int32(truncatingIfNeeded: index + 1),
        tag: UInt32(truncatingIfNeeded: entry.hash >> 32))
    }
  }
}
