/// How the rows of a batch are divided among threads: by the number of rows alone, so that sums
/// have the same order whatever the number of threads.
///
/// A lane sums up its chunks' gradients one after the other; the lanes' sums are then added in
/// order.
struct ChunkPlan: Sendable {
  /// Rows that go through the network together: enough to keep the kernels busy, few enough to stay
  /// in the cache.
  static let chunkRows = 48
  /// The kernels take six rows at a time.
  static let tileRows = 6
  static let maximumLanes = 8

  /// Rows of each chunk, for each lane.
  let lanes: [[Range<Int>]]

  init(rows: Int, laneLimit: Int) {
    let tile = Self.tileRows
    let tiles = (rows + tile - 1) / tile
    let count = max(1, min(laneLimit, (tiles + 3) / 4))
    lanes = (0..<count).map { lane in
      let end = min((lane + 1) * tiles / count * tile, rows)
      return Self.chunks(lane * tiles / count * tile..<end)
    }
  }

  /// Ranges of up to `chunkRows` rows that cover a range.
  static func chunks(_ rows: Range<Int>) -> [Range<Int>] {
    stride(from: rows.lowerBound, to: rows.upperBound, by: chunkRows).map {
      $0..<min($0 + chunkRows, rows.upperBound)
    }
  }

  /// Lanes that fit a moderate amount of memory, given the floats of one lane's sums.
  static func laneLimit(floats: Int) -> Int {
    max(1, min(maximumLanes, (1 << 26) / max(floats, 1)))
  }
}
