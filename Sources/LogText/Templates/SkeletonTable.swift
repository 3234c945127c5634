import Glibc
import SIMDKernels

/// Remembers a value for each skeleton: a hash table that only grows, cleared as a whole.
struct SkeletonTable<Value: Sendable>: Sendable {
  /// A skeleton, with where its bytes lie.
  struct Entry: Sendable {
    fileprivate(set) var hash: UInt64
    fileprivate var start: UInt32
    fileprivate var count: UInt32
    var value: Value
  }

  /// Where an entry is filed.
  private struct Bucket {
    /// Index into `entries` plus one; 0 where the bucket is empty.
    var number: Int32 = 0
    /// The upper half of its hash, so that hardly any other entry is looked at.
    var tag: UInt32 = 0
  }

  /// Bytes of skeletons that a table can address.
  static var largestSize: Int { Int(UInt32.max) }

  private(set) var entries: [Entry] = []
  private var bytes: [UInt8] = []
  /// A power of two of them, at most half full.
  private var buckets = [Bucket](repeating: Bucket(), count: 1024)

  var count: Int { entries.count }
  /// Bytes of all skeletons together.
  var size: Int { bytes.count }

  /// The value of a skeleton, or nil.
  @inline(__always)
  func find(_ skeleton: UnsafeRawBufferPointer, hash: UInt64) -> Value? {
    let number = search(skeleton, hash: hash).number
    return number > 0 ? entries[number - 1].value : nil
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

  /// Asks for the bucket of a hash, which is looked up soon.
  @inline(__always)
  func prefetchBucket(_ hash: UInt64) {
    buckets.withUnsafeBufferPointer {
      simd_prefetch(
        $0.baseAddress.unsafelyUnwrapped + (Int(truncatingIfNeeded: hash) & ($0.count - 1)))
    }
  }

  /// Asks for the entry of a hash, once its bucket is there.
  @inline(__always)
  func prefetchEntry(_ hash: UInt64) {
    guard let index = likely(hash) else { return }
    entries.withUnsafeBufferPointer { simd_prefetch($0.baseAddress.unsafelyUnwrapped + index) }
  }

  /// Asks for the skeleton of a hash, once its entry is there, and returns its value.
  @inline(__always)
  func prefetchSkeleton(_ hash: UInt64) -> Value? {
    guard let index = likely(hash) else { return nil }
    let entry = entries[index]
    bytes.withUnsafeBytes {
      let start = $0.baseAddress.unsafelyUnwrapped + Int(entry.start)
      simd_prefetch(start)
      simd_prefetch(start + Int(entry.count))
    }
    return entry.value
  }

  /// The index of what is in a hash's first bucket and has its tag: hardly ever another entry.
  @inline(__always)
  private func likely(_ hash: UInt64) -> Int? {
    buckets.withUnsafeBufferPointer {
      let bucket = $0[Int(truncatingIfNeeded: hash) & ($0.count - 1)]
      return bucket.number != 0 && bucket.tag == UInt32(truncatingIfNeeded: hash >> 32)
        ? Int(bucket.number) - 1 : nil
    }
  }

  /// Gives a skeleton a value, which may be added.
  mutating func set(_ skeleton: UnsafeRawBufferPointer, hash: UInt64, to value: Value) {
    let index = index(skeleton, hash: hash, new: value)
    entries[index].value = value
  }

  /// The index of a skeleton's entry, which is added with a value where there is none.
  @inline(__always)
  mutating func index(
    _ skeleton: UnsafeRawBufferPointer, hash: UInt64, new value: Value
  ) -> Int {
    let (number, bucket) = search(skeleton, hash: hash)
    guard number == 0 else { return number - 1 }
    return add(skeleton, hash: hash, value, in: bucket)
  }

  private mutating func add(
    _ skeleton: UnsafeRawBufferPointer, hash: UInt64, _ value: Value, in bucket: Int
  ) -> Int {
    entries.append(
      Entry(
        hash: hash, start: UInt32(truncatingIfNeeded: bytes.count),
        count: UInt32(truncatingIfNeeded: skeleton.count), value: value))
    bytes.append(contentsOf: skeleton)
    buckets[bucket] = Bucket(
      number: Int32(truncatingIfNeeded: entries.count), tag: UInt32(truncatingIfNeeded: hash >> 32))
    if entries.count * 2 > buckets.count { grow() }
    return entries.count - 1
  }

  /// Changes the value of an entry.
  @inline(__always)
  mutating func update(_ index: Int, _ change: (inout Value) -> Void) {
    change(&entries[index].value)
  }

  /// Takes all entries out; their room is kept.
  mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
    buckets.withUnsafeMutableBufferPointer { $0.update(repeating: Bucket()) }
  }

  /// Hands over the skeleton of an entry.
  func withSkeleton<Result>(
    of entry: Entry, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    let start = Int(entry.start)
    return bytes.withUnsafeBytes {
      body(UnsafeRawBufferPointer(rebasing: $0[start..<(start + Int(entry.count))]))
    }
  }

  @inline(__always)
  private func isEqual(_ index: Int, _ hash: UInt64, _ skeleton: UnsafeRawBufferPointer) -> Bool {
    entries.withUnsafeBufferPointer { entries in
      guard entries[index].hash == hash, Int(entries[index].count) == skeleton.count else {
        return false
      }
      let start = Int(entries[index].start)
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
