/// The nearest entry to a point: exactly, or by way of the cells that the leaves of the tree make.
struct EntrySearch: Sendable {
  private let all: NearestRows
  /// The means of the cells.
  private let cells: NearestRows
  /// Where each cell's entries start in `members`, and one more.
  private let starts: [Int]
  private let members: [Int32]

  /// With fewer numbers than this in all entries the exact search is as fast.
  private static let fewest = 1 << 17
  /// Entries that belong to no leaf make cells of about so many.
  private static let runLength = 32
  /// Passes that move entries to the nearest cell: a leaf is what the order of arrival made of it.
  private static let passes = 3

  init(_ entries: [ClusteringFeature], leafSizes: [Int]) {
    all = NearestRows(entries)
    var cell: [Int] = []
    for (leaf, size) in leafSizes.enumerated() {
      cell.append(contentsOf: repeatElement(leaf, count: size))
    }
    let inLeaves = cell.count
    for index in inLeaves..<max(inLeaves, entries.count) {
      cell.append(leafSizes.count + (index - inLeaves) / Self.runLength)
    }
    var features = Self.unite(entries, cell)
    let means = entries.flatMap(\.mean)
    for _ in 0..<Self.passes {
      let search = NearestRows(features)
      means.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        search.forEachNearest(base, count: entries.count) { entry, nearest, _ in
          cell[entry] = nearest
        }
      }
      features = Self.unite(entries, cell)
    }
    cells = NearestRows(features)
    let numbers = Labels.numberedByFirstAppearance(cell)
    var starts = [Int](repeating: 0, count: features.count + 1)
    for number in numbers { starts[number + 1] += 1 }
    for index in features.indices { starts[index + 1] += starts[index] }
    var next = starts
    var members = [Int32](repeating: 0, count: entries.count)
    for (entry, number) in numbers.enumerated() {
      members[next[number]] = Int32(truncatingIfNeeded: entry)
      next[number] += 1
    }
    self.starts = starts
    self.members = members
  }

  /// The union of the entries of each cell that has any, by first appearance.
  private static func unite(_ entries: [ClusteringFeature], _ cell: [Int]) -> [ClusteringFeature] {
    let numbers = Labels.numberedByFirstAppearance(cell)
    var sums = [ClusteringFeature](
      repeating: ClusteringFeature(dimension: entries.first?.dimension ?? 0),
      count: (numbers.max() ?? -1) + 1)
    for (entry, number) in zip(entries, numbers) { sums[number].merge(entry) }
    return sums
  }

  /// The entries.
  var entries: [ClusteringFeature] { (0..<all.rows.count).map { all.rows.feature($0) } }

  /// Calls `body(point, entry, squaredDistance)` with the nearest entry of all, the first of equals.
  func forEachNearest(
    _ points: UnsafePointer<Double>, count: Int, _ body: (Int, Int, Double) -> Void
  ) {
    all.forEachNearest(points, count: count, body)
  }

  /// The same among the entries of the `probes` cells whose means are nearest: now and then an entry
  /// next to the nearest.
  func forEachNearest(
    _ points: UnsafePointer<Double>, count: Int, probes: Int, _ body: (Int, Int, Double) -> Void
  ) {
    let dimension = all.rows.dimension
    guard starts.count > 1 + probes, all.rows.count * dimension > Self.fewest else {
      all.forEachNearest(points, count: count, body)
      return
    }
    var work = NearestRows.Workspace(dimension: dimension)
    var nearest = NearestFew(capacity: probes)
    // The kernel wants a feature: weight and deviations before the mean.
    var feature = [Double](repeating: 0, count: dimension + 2)
    let block = 16
    for first in stride(from: 0, to: count, by: block) {
      let width = min(block, count - first)
      guard cells.scores(points + first * dimension, count: width, into: &work) else {
        all.forEachNearest(points + first * dimension, count: width) {
          body(first + $0, $1, $2)
        }
        continue
      }
      for place in 0..<width {
        let point = points + (first + place) * dimension
        nearest.take(work.dots, from: place * cells.rows.count, count: cells.rows.count)
        feature.withUnsafeMutableBufferPointer { buffer in
          guard let base = buffer.baseAddress else { return }
          (base + 2).update(from: point, count: dimension)
          let (index, gap) = search(nearest.places, base)
          body(first + place, index, gap)
        }
      }
    }
  }

  private func search(_ cells: [Int], _ feature: UnsafePointer<Double>) -> (Int, Double) {
    var best = Double.infinity
    var found = 0
    members.withUnsafeBufferPointer { members in
      for cell in cells where cell >= 0 {
        let list = UnsafeBufferPointer(rebasing: members[starts[cell]..<starts[cell + 1]])
        if let place = all.rows.nearest(list, to: feature, rank: 0, below: &best) {
          found = Int(list[place])
        }
      }
    }
    // Summed as the exact search sums it, so that both tell the same distance to the last bit.
    let gap = VectorArithmetic.squaredDistance(
      all.rows.mean(found), feature + 2, all.rows.dimension)
    return (found, gap)
  }
}

/// The places of the least few of many scores.
private struct NearestFew {
  private(set) var places: [Int]
  private var scores: [Float]

  init(capacity: Int) {
    places = [Int](repeating: -1, count: max(1, capacity))
    scores = [Float](repeating: .infinity, count: max(1, capacity))
  }

  mutating func take(_ values: [Float], from start: Int, count: Int) {
    for slot in places.indices {
      places[slot] = -1
      scores[slot] = .infinity
    }
    let last = places.count - 1
    values.withUnsafeBufferPointer { values in
      var limit = Float.infinity
      for index in 0..<count {
        let score = values[start + index]
        guard score < limit else { continue }
        var slot = last
        while slot > 0, score < scores[slot - 1] {
          scores[slot] = scores[slot - 1]
          places[slot] = places[slot - 1]
          slot -= 1
        }
        scores[slot] = score
        places[slot] = index
        limit = scores[last]
      }
    }
  }
}
