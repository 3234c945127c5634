/// The distinct skeletons of a stretch of lines, counted: what threads prepare side by side and a miner then learns in order.
///
/// A miner that learns batches gives the same events as one that learns their lines, as long as it forgets nothing.
public struct SkeletonBatch: Sendable {
  /// Bytes of a first line that are kept as an example.
  static let exampleLength = 256

  private(set) var table = SkeletonTable()
  /// For each entry of the table how many lines there were, and where its example ends.
  private(set) var counts: [Int] = []
  private var exampleEnds: [Int] = []
  private var examples: [UInt8] = []
  /// Lines that user templates took, by event.
  private(set) var userCounts: [Int32: Int] = [:]
  private let userTemplates: UserTemplates
  private var scanner = LineScanner()

  /// An empty batch for a miner with these user templates.
  public init(userTemplates: UserTemplates) { self.userTemplates = userTemplates }

  /// Adds a line's content.
  ///
  /// - Parameter isPadded: it stands in a ``LineBlock``, and what is behind it can be read.
  public mutating func add(_ content: UnsafeRawBufferPointer, isPadded: Bool = false) {
    if let id = userTemplates.match(content) {
      userCounts[id, default: 0] += 1
      return
    }
    scanner.scan(content, isPadded: isPadded)
    let index = scanner.withSkeleton { table.index($0, hash: Skeleton.hash($0)) }
    if index < counts.count {
      counts[index] += 1
    } else {
      counts.append(1)
      examples.append(contentsOf: content.prefix(Self.exampleLength))
      exampleEnds.append(examples.count)
    }
  }

  /// The first line of an entry, cut where it is long.
  func example(_ index: Int) -> ArraySlice<UInt8> {
    examples[(index == 0 ? 0 : exampleEnds[index - 1])..<exampleEnds[index]]
  }
}

extension TemplateMiner {
  /// Learns the lines of a batch.
  ///
  /// - Parameter isNew: is told the event of each template that did not exist before, and its first line, cut where it is long.
  public mutating func learn(
    _ batch: SkeletonBatch, isNew: (Int32, ArraySlice<UInt8>) -> Void = { _, _ in }
  ) {
    for (index, entry) in batch.table.entries.enumerated() {
      let next = nextID
      _ = batch.table.withSkeleton(of: entry) {
        learn(skeleton: $0, hash: entry.hash, count: batch.counts[index])
      }
      if nextID != next { isNew(next, batch.example(index)) }
    }
    for (id, count) in batch.userCounts { userCounts[id, default: 0] += count }
  }
}
