/// The distinct skeletons of a stretch of lines, counted: what threads prepare side by side and a miner then learns in order.
///
/// A miner that learns batches gives the same events as one that learns their lines, as long as it forgets nothing.
public struct SkeletonBatch: Sendable {
  /// What is known of a skeleton.
  struct Lines: Sendable {
    /// How many there were.
    var count: UInt32
    /// What the caller called the first of them.
    var first: UInt32
  }

  /// The skeletons in the order of their first lines.
  private(set) var table = SkeletonTable<Lines>()
  /// Lines that user templates took, by event.
  private(set) var userCounts: [Int32: Int] = [:]
  private let userTemplates: UserTemplates
  private var scanner = LineScanner()

  /// An empty batch for a miner with these user templates.
  public init(userTemplates: UserTemplates) { self.userTemplates = userTemplates }

  /// Adds a line's content.
  ///
  /// - Parameters:
  ///   - isPadded: it stands in a ``LineBlock``, and what is behind it can be read.
  ///   - number: what to call the line by, should it be the first of its skeleton.
  public mutating func add(
    _ content: UnsafeRawBufferPointer, isPadded: Bool = false, number: Int = 0
  ) {
    if let id = userTemplates.match(content) {
      userCounts[id, default: 0] += 1
      return
    }
    scanner.scan(content, isPadded: isPadded)
    let new = Lines(count: 0, first: UInt32(truncatingIfNeeded: number))
    let index = scanner.withSkeleton { table.index($0, hash: Skeleton.hash($0), new: new) }
    table.update(index) { $0.count &+= 1 }
  }

  /// Makes the batch empty; its room is kept.
  public mutating func removeAll() {
    table.removeAll()
    userCounts = [:]
  }
}

extension TemplateMiner {
  /// Learns the lines of a batch.
  ///
  /// - Parameter isNew: is told the event of each template that did not exist before, and the number of its first line.
  public mutating func learn(
    _ batch: SkeletonBatch, isNew: (Int32, Int) -> Void = { _, _ in }
  ) {
    let entries = batch.table.entries
    for (index, entry) in entries.enumerated() {
      prefetch(entries, behind: index)
      let next = nextID
      _ = batch.table.withSkeleton(of: entry) {
        learn(skeleton: $0, hash: entry.hash, count: Int(entry.value.count))
      }
      if nextID != next { isNew(next, Int(entry.value.first)) }
    }
    for (id, count) in batch.userCounts { userCounts[id, default: 0] += count }
  }

  /// Asks for the memory that the next skeletons of a batch will need: with many templates it lies in no cache, and waiting for
  /// one place after the other would take longer than everything else.
  @inline(__always)
  private func prefetch(_ entries: [SkeletonTable<SkeletonBatch.Lines>.Entry], behind index: Int) {
    if index + 24 < entries.count { recent.prefetchBucket(entries[index + 24].hash) }
    if index + 16 < entries.count { recent.prefetchEntry(entries[index + 16].hash) }
    if index + 8 < entries.count,
      let place = recent.prefetchSkeleton(entries[index + 8].hash)
    {
      prefetchUse(place.slot)
    }
  }
}
