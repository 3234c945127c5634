/// How windows in order are divided among threads: for training by the windows alone, so that sums
/// have the same order whatever the number of threads.
///
/// A chunk's windows go through the network together. A lane sums up its chunks' gradients one after
/// the other; the lanes' sums are then added in order.
struct ChunkPlan: Sendable {
  /// Windows without anything in common for which a chunk has room: enough to keep the kernels
  /// busy, few enough to stay in the cache. Windows that share beginnings fit in larger numbers, up
  /// to `maximumRows`.
  static let distinctRows = 48
  static let maximumRows = 192
  static let maximumLanes = 8
  /// Steps that are worth a lane: with fewer, adding up the lanes costs more than it saves.
  private static let laneSteps = 256

  /// Places of the order in each chunk, for each lane.
  let lanes: [[Range<Int>]]

  /// Divides a batch.
  init(_ order: WindowOrder, laneLimit: Int) {
    let steps = order.prefixCount(0..<order.count)
    let count = Self.laneCount(steps: steps, laneLimit: laneLimit)
    lanes = Self.parts(order, count: count).map { Self.chunks(order, places: $0) }
  }

  /// Cuts the order into chunks that fit a workspace of `ChunkCapacity`.
  static func chunks(_ order: WindowOrder, places: Range<Int>) -> [Range<Int>] {
    let limit = distinctRows * order.length
    var chunks: [Range<Int>] = []
    var start = places.lowerBound
    var steps = 0
    for place in places {
      let added = order.newPrefixes(at: place, first: place == start)
      if place > start && (steps + added > limit || place - start == maximumRows) {
        chunks.append(start..<place)
        start = place
        steps = order.length
      } else {
        steps += added
      }
    }
    if start < places.upperBound { chunks.append(start..<places.upperBound) }
    return chunks
  }

  /// Chunks for inference, which gives the same results however it is divided: each of `threads`
  /// has equally much to do.
  static func chunks(_ order: WindowOrder, threads: Int) -> [Range<Int>] {
    parts(order, count: max(1, min(threads, order.count))).flatMap { chunks(order, places: $0) }
  }

  /// Cuts the order into runs of about equally many steps.
  private static func parts(_ order: WindowOrder, count: Int) -> [Range<Int>] {
    let steps = order.prefixCount(0..<order.count)
    var parts: [Range<Int>] = []
    var start = 0
    var done = 0
    for place in 0..<order.count {
      done += order.newPrefixes(at: place, first: place == 0)
      if parts.count + 1 < count, done * count >= steps * (parts.count + 1),
        place + 1 < order.count
      {
        parts.append(start..<place + 1)
        start = place + 1
      }
    }
    parts.append(start..<order.count)
    return parts
  }

  /// The number of lanes a batch can have, for which there must be room.
  static func laneCount(steps: Int, laneLimit: Int) -> Int {
    var count = 1
    while count * 2 <= laneLimit, steps >= count * 2 * laneSteps { count *= 2 }
    return count
  }

  /// Lanes that fit a moderate amount of memory, given the floats of one lane's sums.
  static func laneLimit(floats: Int) -> Int {
    max(1, min(maximumLanes, (1 << 26) / max(floats, 1)))
  }
}

/// What a workspace must have room for, so that every chunk of `ChunkPlan` fits.
struct ChunkCapacity: Sendable {
  /// Windows of a chunk.
  let rows: Int
  /// Their different beginnings, of every length.
  let steps: Int

  /// The largest chunk of up to `count` windows.
  init(count: Int, length: Int) {
    rows = max(1, min(count, ChunkPlan.maximumRows))
    steps = min(rows, ChunkPlan.distinctRows) * length
  }
}
