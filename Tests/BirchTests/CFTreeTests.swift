import Testing

@testable import Birch

@Suite struct CFTreeTests {
  private func everything(_ tree: CFTree) -> ClusteringFeature {
    var sum = ClusteringFeature(dimension: tree.dimension)
    for entry in tree.leafEntries + tree.candidates { sum.merge(entry) }
    return sum
  }

  @Test func entriesHoldEveryPointAndRespectTheThreshold() throws {
    var maker = PointMaker(seed: 6)
    let points = maker.points(3000, dimension: 3)
    for absorption in CFTreeOptions.Absorption.allCases {
      let grown = try tree(of: points) {
        $0.threshold = 0.3
        $0.branchingFactor = 5
        $0.leafCapacity = 4
        $0.absorption = absorption
      }
      #expect(isClose(everything(grown), try feature(of: points)))
      let sizes = grown.leafEntries.map { absorption == .radius ? $0.radius : $0.diameter }
      #expect(sizes.allSatisfy { $0 <= 0.3 * (1 + 1e-12) })
      #expect(grown.leafEntries.count < 3000)
      #expect(grown.statistics.height > 3)
    }
  }

  @Test(arguments: ClusterDistance.allCases)
  func keepsAllWeightUnderEveryDistance(_ distance: ClusterDistance) throws {
    var maker = PointMaker(seed: 7)
    let points = maker.points(500, dimension: 2)
    let grown = try tree(of: points) {
      $0.threshold = 0.2
      $0.branchingFactor = 3
      $0.leafCapacity = 3
      $0.distance = distance
    }
    #expect(isClose(everything(grown), try feature(of: points)))
    try checkStructure(grown)
  }

  @Test func everySummaryIsTheUnionOfItsChildren() throws {
    var maker = PointMaker(seed: 8)
    for refinement in [true, false] {
      let grown = try tree(of: maker.points(2000, dimension: 2)) {
        $0.threshold = 0.02
        $0.branchingFactor = 4
        $0.leafCapacity = 6
        $0.mergingRefinement = refinement
      }
      try checkStructure(grown)
    }
  }

  /// Points in order fill the leaves of one side only; refinement gives sparse nodes back.
  @Test(arguments: [1, 2], [4, 6])
  func mergingRefinementUsesNodesBetter(_ dimension: Int, capacity: Int) throws {
    for seed in 1...4 {
      var maker = PointMaker(seed: UInt64(seed))
      let points = maker.points(2000, dimension: dimension).sorted { $0[0] < $1[0] }
      let grown = try [true, false].map { refinement in
        try tree(of: points) {
          $0.threshold = 0
          $0.branchingFactor = capacity
          $0.leafCapacity = capacity
          $0.mergingRefinement = refinement
        }
      }
      #expect(grown.map(\.leafEntryCount) == [2000, 2000])
      // Found: 5 to 9 % fewer.
      #expect(Double(grown[0].statistics.nodes) < 0.97 * Double(grown[1].statistics.nodes))
    }
  }

  /// Node sizes, levels, counts of live rows and nodes, and summaries.
  private func checkStructure(_ tree: CFTree) throws {
    let storage = tree.storage
    var pending = [tree.root]
    var rows = 1
    var nodes = 0
    while let node = pending.popLast() {
      nodes += 1
      let count = storage.count(node)
      rows += count
      let level = storage.level(node)
      #expect(count <= (level == 0 ? tree.options.leafCapacity : tree.options.branchingFactor))
      #expect(count > 0)
      guard level > 0 else { continue }
      for index in 0..<count {
        let child = storage.children(node)[index]
        #expect(storage.level(child) == level - 1)
        var sum = ClusteringFeature(dimension: tree.dimension)
        for row in 0..<storage.count(child) {
          sum.merge(tree.feature(storage.rows(child)[row]))
        }
        #expect(isClose(tree.feature(storage.rows(node)[index]), sum, relative: 1e-8))
        pending.append(child)
      }
    }
    rows += tree.outliers.count + tree.delayed.count
    #expect(storage.liveRows == rows)
    #expect(storage.liveNodes == nodes)
  }

  @Test func withThresholdZeroOnlyEqualPointsShareAnEntry() throws {
    var maker = PointMaker(seed: 9)
    let distinct = maker.points(300, dimension: 4)
    let grown = try tree(of: maker.shuffled(distinct + distinct + distinct)) {
      $0.threshold = 0
      $0.leafCapacity = 7
      $0.branchingFactor = 7
    }
    // The descent may miss an equal entry in another leaf, but never joins different points.
    #expect(grown.leafEntries.allSatisfy { $0.squaredDeviations == 0 })
    #expect(grown.leafEntries.count >= 300)
    #expect(grown.total.count == 900)
  }

  @Test func duplicatesOnlyGiveOneEntry() throws {
    let grown = try tree(of: [[Double]](repeating: [0.1, 1e6], count: 5000))
    #expect(grown.leafEntries == [try ClusteringFeature(point: [0.1, 1e6], weight: 5000)])
    #expect(grown.statistics.threshold == 0)
  }

  @Test func noPointsAndOnePointAreDefined() throws {
    var empty = try CFTree(dimension: 2)
    empty.finish()
    #expect(empty.leafEntries.isEmpty)
    #expect(empty.candidates.isEmpty)
    #expect(empty.total.count == 0)
    #expect(try empty.nearestEntry(to: [0, 0]) == nil)
    #expect(empty.statistics.height == 1)
    let single = try tree(of: [[1, 2]])
    #expect(single.leafEntries == [try ClusteringFeature(point: [1, 2])])
  }

  @Test func theDerivedThresholdIsATenthOfTheRootMeanSquareRadius() throws {
    var maker = PointMaker(seed: 10)
    let points = maker.points(800, dimension: 3)
    let grown = try tree(of: points)
    #expect(isClose(grown.statistics.threshold, 0.1 * (try feature(of: points).radius)))
  }

  @Test func aHeavyEntryDoesNotSwallowADistantPoint() throws {
    let near = [[Double]](repeating: [0, 0], count: 100_000)
    let far = near + [[50, 0]]
    let bounded = try tree(of: far) { $0.threshold = 1 }
    #expect(bounded.leafEntries.count == 2)
    // The criterion of the 1996 algorithm alone lets it go: the radius hardly moves.
    let unbounded = try tree(of: far) {
      $0.threshold = 1
      $0.reachLimit = nil
    }
    #expect(unbounded.leafEntries.count == 1)
  }

  @Test func translationChangesNeitherEntriesNorRadii() throws {
    var maker = PointMaker(seed: 11)
    // Multiples of 2^-20: adding 1e6 is exact, so that only the algorithm can make a difference.
    let points = maker.points(2000, dimension: 4).map {
      $0.map { ($0 * 0x1p20).rounded() * 0x1p-20 }
    }
    let base = try tree(of: points) { $0.threshold = 0.7 }
    for offset in [1e3, 1e6] {
      let moved = try tree(of: points.map { $0.map { $0 + offset } }) { $0.threshold = 0.7 }
      #expect(moved.leafEntries.map(\.count) == base.leafEntries.map(\.count))
      for (one, other) in zip(base.leafEntries, moved.leafEntries) {
        #expect(isClose(one.radius, other.radius, relative: 1e-6))
      }
    }
  }

  @Test func aCopyIsNotChangedByLaterInsertions() throws {
    var maker = PointMaker(seed: 12)
    var first = try tree(of: maker.points(200, dimension: 2))
    let copy = first
    let bytes = copy.serialised()
    for point in maker.points(200, dimension: 2) { try first.insert(point) }
    #expect(copy.serialised() == bytes)
    #expect(first.total.count == 400)
  }

  @Test func rowsAtOnceEqualPointsOneByOne() throws {
    var maker = PointMaker(seed: 13)
    let points = maker.points(1500, dimension: 5)
    var oneByOne = try CFTree(dimension: 5)
    for point in points { try oneByOne.insert(point) }
    var atOnce = try CFTree(dimension: 5)
    try points.flatMap { $0 }.withUnsafeBufferPointer { (rows) throws(BirchError) in
      try atOnce.insert(rows: UnsafeBufferPointer(rebasing: rows[..<2500]))
      try atOnce.insert(rows: UnsafeBufferPointer(rebasing: rows[2500...]))
    }
    #expect(oneByOne.serialised() == atOnce.serialised())
  }

  @Test func ageingHalvesWeightsAndKeepsShapes() throws {
    var maker = PointMaker(seed: 14)
    var aged = try tree(of: maker.points(900, dimension: 2)) { $0.leafCapacity = 5 }
    let before = aged
    try aged.age(by: 0.5)
    #expect(isClose(aged.total.count, 450))
    for (one, other) in zip(before.leafEntries, aged.leafEntries) {
      #expect(isClose(one.radius, other.radius))
      #expect(one.mean == other.mean)
    }
    #expect(throws: BirchError.self) { try aged.age(by: 0) }
    #expect(throws: BirchError.self) { try aged.age(by: .nan) }
  }

  @Test func theNearestEntryIsTheNearestOfAll() throws {
    var maker = PointMaker(seed: 15)
    let grown = try tree(of: maker.points(3000, dimension: 4)) {
      $0.threshold = 0.5
      $0.leafCapacity = 10
      $0.branchingFactor = 10
    }
    let entries = grown.leafEntries
    var agreements = 0
    for point in maker.points(200, dimension: 4) {
      let gaps = entries.map { squaredGap($0.mean, point) }
      let found = try #require(try grown.nearestEntry(to: point))
      #expect(gaps[found.index] == gaps.min())
      #expect(isClose(found.distance * found.distance, gaps[found.index]))
      let descended = try #require(try grown.nearestEntry(to: point, search: .descent))
      #expect(isClose(descended.distance * descended.distance, gaps[descended.index]))
      agreements += descended.index == found.index ? 1 : 0
    }
    #expect(agreements > 60)
  }

  @Test func badInputLeavesTheTreeAsItWas() throws {
    var maker = PointMaker(seed: 16)
    var grown = try tree(of: maker.points(50, dimension: 2))
    let bytes = grown.serialised()
    #expect(throws: BirchError.dimensionMismatch(expected: 2, found: 1)) { try grown.insert([1]) }
    #expect(throws: BirchError.valueOutOfRange(column: 1)) { try grown.insert([0, .nan]) }
    #expect(throws: BirchError.valueOutOfRange(column: 0)) { try grown.insert([.infinity, 0]) }
    #expect(throws: BirchError.invalidWeight(0)) { try grown.insert([1, 1], weight: 0) }
    #expect(throws: BirchError.invalidWeight(0)) {
      try grown.insert(ClusteringFeature(dimension: 2))
    }
    #expect(throws: BirchError.valueOutOfRange(column: 1)) {
      try [0, 0, 0, Double.nan].withUnsafeBufferPointer { (rows) throws(BirchError) in
        try grown.insert(rows: rows)
      }
    }
    #expect(grown.serialised() == bytes)
  }

  @Test func optionsOutOfRangeAreRefused() {
    func refuses(_ change: (inout CFTreeOptions) -> Void) -> Bool {
      var options = CFTreeOptions()
      change(&options)
      do {
        _ = try CFTree(dimension: 3, options: options)
        return false
      } catch {
        return !error.message.isEmpty
      }
    }
    #expect(!refuses { _ in })
    #expect(refuses { $0.branchingFactor = 1 })
    #expect(refuses { $0.leafCapacity = 1 << 40 })
    #expect(refuses { $0.threshold = -0.1 })
    #expect(refuses { $0.threshold = .nan })
    #expect(refuses { $0.reachLimit = .infinity })
    #expect(refuses { $0.outlierWeightFraction = 2 })
    #expect(refuses { $0.warmUpEntries = 0 })
    #expect(refuses { $0.memoryBudget = 100 })
    #expect(throws: BirchError.unsupportedDimension(0)) { try CFTree(dimension: 0) }
    #expect(throws: BirchError.unsupportedDimension(Int.max)) { try CFTree(dimension: .max) }
  }

  @Test func extremeValuesStayDefined() throws {
    let grown = try tree(of: [[1e100, -1e100], [-1e100, 1e100], [0, 0], [1e-300, 0]]) {
      $0.leafCapacity = 2
      $0.branchingFactor = 2
    }
    #expect(grown.total.count == 4)
    #expect(grown.total.radius.isFinite)
  }
}
