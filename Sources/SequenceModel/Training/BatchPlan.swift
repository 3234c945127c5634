/// An example's place in a batch.
struct BatchEntry: Sendable, Equatable {
  let row: Int32
  /// Share of the example's weight that this batch carries; over an epoch an example's shares sum
  /// to 1.
  let share: Float
}

/// Divides an epoch into batches that each look like the whole collection.
///
/// Counts of distinct windows are skewed: one window may weigh more than all others. Taking every
/// window once an epoch would give a few batches with enormous gradients and many with hardly any.
/// So a window of m times the mean weight is put into m batches, up to all of them, with 1/m of its
/// weight in each: the sum over an epoch stays the exact gradient, at most twice as many rows are
/// computed, and batches differ little.
struct BatchPlan {
  private let copies: [Int32]
  private let order: [Int32]
  let batchCount: Int

  /// `importance` holds a weight for each example; those of weight 0 are left out.
  init(importance: [Double], batchSize: Int) {
    let used = importance.indices.filter { importance[$0] > 0 }
    order = used.map { Int32(truncatingIfNeeded: $0) }
    let mean = used.reduce(0) { $0 + importance[$1] } / Double(max(used.count, 1))
    let limit = max(1, (used.count + batchSize - 1) / batchSize)
    var copies = [Int32](repeating: 0, count: importance.count)
    var total = 0
    for index in used {
      // The tolerance keeps a window of just the mean weight, up to rounding, in one piece.
      let wanted = (importance[index] / mean - 1e-6).rounded(.up)
      let count = wanted >= Double(limit) ? limit : max(1, Int(wanted))
      copies[index] = Int32(truncatingIfNeeded: count)
      total += count
    }
    self.copies = copies
    batchCount = max(limit, (total + batchSize - 1) / batchSize)
  }

  /// The batches of one pass. Copies of an example stand next to each other in shuffled order and
  /// are dealt out one by one, so they fall into different batches.
  func batches(generator: inout SeededGenerator) -> [[BatchEntry]] {
    var shuffled = order
    generator.shuffle(&shuffled)
    var batches = [[BatchEntry]](repeating: [], count: batchCount)
    var next = 0
    for row in shuffled {
      let count = copies[Int(row)]
      for _ in 0..<count {
        batches[next].append(BatchEntry(row: row, share: 1 / Float(count)))
        next = next + 1 == batchCount ? 0 : next + 1
      }
    }
    return batches
  }
}
