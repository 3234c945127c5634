import Testing

@testable import Birch

@Suite struct CFTreeMemoryTests {
  private static let budget = 60_000

  private func grow(
    _ points: [[Double]], _ change: (inout CFTreeOptions) -> Void = { _ in }
  ) throws -> CFTree {
    try tree(of: points) {
      $0.memoryBudget = Self.budget
      $0.branchingFactor = 8
      $0.leafCapacity = 8
      change(&$0)
    }
  }

  @Test(arguments: [true, false], [0, 0.25])
  func rebuildingLosesNoWeight(delaySplit: Bool, outlierFraction: Double) throws {
    var maker = PointMaker(seed: 20)
    let points = maker.points(8000, dimension: 6, centre: 5)
    let grown = try grow(points) {
      $0.delaySplit = delaySplit
      $0.outlierWeightFraction = outlierFraction
    }
    var sum = ClusteringFeature(dimension: 6)
    for entry in grown.leafEntries + grown.candidates { sum.merge(entry) }
    #expect(isClose(sum, try feature(of: points), relative: 1e-9))
    #expect(grown.statistics.rebuilds > 0)
    #expect(grown.statistics.points == 8000)
    #expect(grown.statistics.delayed == 0)
  }

  @Test(arguments: [true, false])
  func memoryStaysWithinTheBudgetAndOnePath(delaySplit: Bool) throws {
    var maker = PointMaker(seed: 21)
    var options = CFTreeOptions()
    options.memoryBudget = Self.budget
    options.branchingFactor = 8
    options.leafCapacity = 8
    options.delaySplit = delaySplit
    var grown = try CFTree(dimension: 6, options: options)
    var highest = 0
    for point in maker.points(8000, dimension: 6) {
      try grown.insert(point)
      highest = max(highest, grown.statistics.bytes)
    }
    // One path: on each level a new node and two rows.
    let path = grown.statistics.height * (2 * 64 + 80)
    #expect(highest <= Self.budget)
    #expect(grown.statistics.peakBytes <= Self.budget + path)
    #expect(highest > Self.budget / 2)
  }

  @Test func theThresholdNeverFalls() throws {
    var maker = PointMaker(seed: 22)
    var options = CFTreeOptions()
    options.memoryBudget = 20_000
    var grown = try CFTree(dimension: 2, options: options)
    var previous = 0.0
    for point in maker.points(4000, dimension: 2) {
      try grown.insert(point)
      #expect(grown.statistics.threshold >= previous)
      previous = grown.statistics.threshold
    }
    #expect(previous > 0)
  }

  @Test func theSmallestBudgetStillTakesEverything() throws {
    var maker = PointMaker(seed: 23)
    var options = CFTreeOptions()
    options.leafCapacity = 2
    options.branchingFactor = 2
    options.memoryBudget = 1
    var minimum = 0
    do {
      _ = try CFTree(dimension: 3, options: options)
    } catch .memoryBudgetTooSmall(let given, let needed) {
      #expect(given == 1)
      minimum = needed
    }
    options.memoryBudget = minimum
    var grown = try CFTree(dimension: 3, options: options)
    for point in maker.points(500, dimension: 3) { try grown.insert(point) }
    grown.finish()
    #expect(grown.total.count == 500)
    options.memoryBudget = minimum - 1
    #expect(throws: BirchError.self) { try CFTree(dimension: 3, options: options) }
  }

  @Test func rareGroupsStaySeparateInAnyOrder() throws {
    var maker = PointMaker(seed: 24)
    let background = maker.points(6000, dimension: 8)
    let radius = 8.0.squareRoot()
    // Three groups of 20, each about four background radii out along an axis of its own.
    let groups = (0..<3).map { axis in
      maker.points(20, dimension: 8, spread: 0.2).map { point in
        var point = point
        point[axis] += 4 * radius
        return point
      }
    }
    let all = background + groups.joined()
    for points in [all, Array(all.reversed()), maker.shuffled(all)] {
      let grown = try tree(of: points) { $0.memoryBudget = 60_000 }
      #expect(grown.statistics.rebuilds > 0)
      let entries = grown.leafEntries + grown.candidates
      for axis in 0..<3 {
        let own = entries.filter { $0.mean[axis] > 3 * radius }
        #expect(own.reduce(0) { $0 + $1.count } == 20)
      }
    }
  }

  @Test func aCloudOfManyColumnsIsNotMeltedIntoOneEntry() throws {
    // Here all distances are nearly equal, so that a threshold a little too large takes everything.
    var maker = PointMaker(seed: 27)
    let grown = try tree(of: maker.points(6000, dimension: 32)) { $0.memoryBudget = 400_000 }
    #expect(grown.statistics.rebuilds > 0)
    #expect(grown.statistics.leafEntries > 100)
  }

  @Test func outliersAreCandidatesAtTheEndAndOneGroupIsOneCandidate() throws {
    var maker = PointMaker(seed: 25)
    let background = maker.points(30_000, dimension: 2, spread: 1)
    var points = background
    for (index, point) in maker.points(6, dimension: 2, centre: 30, spread: 1e-3).enumerated() {
      points.insert(point, at: 3000 * (index + 1))
    }
    let grown = try tree(of: points) {
      $0.memoryBudget = 20_000
      $0.leafCapacity = 10
      $0.branchingFactor = 10
    }
    let distant = (grown.leafEntries + grown.candidates).filter { $0.mean[0] > 20 }
    #expect(distant.map(\.count).reduce(0, +) == 6)
    #expect(distant.count <= 2)
    #expect(!grown.candidates.isEmpty)
    #expect(grown.statistics.outliers == grown.candidates.count)
  }

  @Test func outliersNearEachOtherBecomeOneCandidateAndThoseNearAnEntryGoHome() throws {
    var grown = try tree(of: [[0, 0], [5, 5]]) { $0.threshold = 1 }
    for place in [100, 0.5, 101, 300, 100.5] {
      let row = grown.storage.allocateRow()
      [place, 0].withUnsafeBufferPointer { mean in
        if let mean = mean.baseAddress { grown.storage.write(2, 0, mean, to: row) }
      }
      grown.outliers.append(row)
    }
    grown.isFinished = false
    grown.finish()
    #expect(grown.leafEntries.map(\.count) == [3, 1])
    #expect(grown.candidates.map(\.count) == [6, 2])
    #expect(grown.candidates.map { $0.mean[0].rounded() } == [101, 300])
    #expect(grown.storage.liveRows == grown.storage.count(grown.root) + 1 + 2)
    #expect(grown.storage.liveNodes == 1)
  }

  @Test func outliersAreTriedAgainAfterARebuild() throws {
    var grown = try tree(of: [[0, 0], [2.5, 0], [50, 50]]) {
      $0.threshold = 1
      $0.memoryBudget = Self.budget
    }
    for place in [[50, 52.1], [300, 0]] {
      let row = grown.storage.allocateRow()
      place.withUnsafeBufferPointer { mean in
        if let mean = mean.baseAddress { grown.storage.write(1, 0, mean, to: row) }
      }
      grown.outliers.append(row)
    }
    grown.retryOutliers()
    #expect(grown.candidates.count == 2)
    // The threshold that lets the first two entries merge, 1.25, is enough for the nearer outlier.
    grown.rebuild()
    #expect(grown.statistics.threshold > 1.05)
    #expect(grown.candidates.map(\.mean) == [[300, 0]])
    #expect(grown.total.count == 5)
  }

  @Test func finishingTwiceChangesNothing() throws {
    var maker = PointMaker(seed: 26)
    var grown = try grow(maker.points(3000, dimension: 4))
    let bytes = grown.serialised()
    grown.finish()
    #expect(grown.serialised() == bytes)
  }

  @Test func pointsThatDifferBySubnormalAmountsDoNotStopTheRebuild() throws {
    let points = (0..<2000).map { [Double($0) * 1e-161, 0] }
    let grown = try tree(of: points) { $0.memoryBudget = 6000 }
    #expect(grown.total.count == 2000)
    #expect(grown.statistics.rebuilds > 0)
  }
}
