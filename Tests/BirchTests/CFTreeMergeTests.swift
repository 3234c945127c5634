import Testing

@testable import Birch

@Suite struct CFTreeMergeTests {
  @Test func mergingTreesEqualsTheUnionOfTheirPoints() throws {
    var maker = PointMaker(seed: 30)
    let shards = (0..<3).map { maker.points(700, dimension: 4, centre: Double($0)) }
    let trees = try shards.map { try tree(of: $0) { $0.memoryBudget = 30_000 } }
    var left = trees[0]
    try left.merge(trees[1])
    try left.merge(trees[2])
    var right = trees[1]
    try right.merge(trees[2])
    var other = trees[0]
    try other.merge(right)
    let union = try feature(of: shards.flatMap { $0 })
    #expect(isClose(left.total, union, relative: 1e-9))
    #expect(isClose(other.total, union, relative: 1e-9))
    #expect(left.statistics.points == 2100)
    #expect(left.statistics.bytes <= 30_000)
    #expect(left.statistics.threshold >= trees.map(\.statistics.threshold).max() ?? 0)
  }

  @Test func aFixedOrderOfMergingGivesTheSameBytes() throws {
    var maker = PointMaker(seed: 31)
    let shards = (0..<4).map { _ in maker.points(300, dimension: 3) }
    func merged() throws -> [UInt8] {
      var sum = try CFTree(dimension: 3)
      for shard in shards { try sum.merge(try tree(of: shard)) }
      sum.finish()
      return sum.serialised()
    }
    #expect(try merged() == merged())
  }

  @Test func mergingAnEmptyTreeOrItselfIsDefined() throws {
    var maker = PointMaker(seed: 32)
    var grown = try tree(of: maker.points(100, dimension: 2))
    let before = grown.total
    try grown.merge(try CFTree(dimension: 2))
    #expect(isClose(grown.total, before, relative: 1e-12))
    try grown.merge(grown)
    #expect(grown.total.count == 200)
    #expect(throws: BirchError.dimensionMismatch(expected: 2, found: 3)) {
      try grown.merge(try CFTree(dimension: 3))
    }
  }

  @Test func aRestoredTreeGoesOnAsIfItHadNeverStopped() throws {
    var maker = PointMaker(seed: 33)
    let points = maker.points(6000, dimension: 3)
    for finished in [true, false] {
      var options = CFTreeOptions()
      options.memoryBudget = 25_000
      options.branchingFactor = 6
      options.distance = .d2
      options.absorption = .diameter
      var whole = try CFTree(dimension: 3, options: options)
      for point in points.prefix(4000) { try whole.insert(point) }
      if finished { whole.finish() }
      var restored = try CFTree(serialised: whole.serialised())
      #expect(restored.options == options)
      #expect(restored.serialised() == whole.serialised())
      #expect(restored.statistics.leafEntries == whole.statistics.leafEntries)
      #expect(
        try restored.nearestEntry(to: [0, 0, 0], search: .descent)?.index
          == whole.nearestEntry(to: [0, 0, 0], search: .descent)?.index)
      for point in points.suffix(2000) {
        try whole.insert(point)
        try restored.insert(point)
      }
      whole.finish()
      restored.finish()
      #expect(restored.serialised() == whole.serialised())
    }
  }

  @Test(arguments: [(0.5, 2), (0.3, 3), (0.5, 50)])
  func aTreeWithALevelForEveryPointIsRestored(ratio: Double, branching: Int) throws {
    // Each point lies nearer to the next than to all before: every split leaves one entry behind.
    var points = [[1e90]]
    while points.count < 300, points[points.count - 1][0] > 1e-150 {
      points.append([points[points.count - 1][0] * ratio])
    }
    let grown = try tree(of: points) {
      $0.threshold = 0
      $0.branchingFactor = branching
      $0.leafCapacity = branching
    }
    #expect(branching > 3 || grown.statistics.height > 100)
    let restored = try CFTree(serialised: grown.serialised())
    #expect(restored.serialised() == grown.serialised())
    #expect(restored.leafEntries == grown.leafEntries)
    #expect(restored.statistics.height == grown.statistics.height)
  }

  @Test func everyTruncationIsRefused() throws {
    var maker = PointMaker(seed: 34)
    let bytes = try tree(of: maker.points(60, dimension: 2)) { $0.leafCapacity = 5 }.serialised()
    for length in 0..<bytes.count {
      #expect(throws: BirchError.self) { try CFTree(serialised: Array(bytes.prefix(length))) }
    }
    #expect(throws: BirchError.malformedTree(reason: "bytes follow its end")) {
      try CFTree(serialised: bytes + [0])
    }
  }

  @Test func changedBytesGiveAnErrorOrAUsableTree() throws {
    var maker = PointMaker(seed: 35)
    let bytes = try tree(of: maker.points(40, dimension: 2)) {
      $0.leafCapacity = 4
      $0.memoryBudget = 6000
    }.serialised()
    for position in bytes.indices {
      for value in [UInt8(0), 0x7F, 0xFF, bytes[position] ^ 1] {
        var changed = bytes
        changed[position] = value
        guard var tree = try? CFTree(serialised: changed) else { continue }
        try? tree.insert([Double](repeating: 0.5, count: tree.dimension))
        tree.finish()
        #expect(tree.leafEntries.count == tree.statistics.leafEntries)
        _ = try? tree.nearestEntry(to: [0, 0], search: .descent)
      }
    }
  }
}
