import Testing

@testable import Birch

@Suite struct ClusterMatchingTests {
  private func clusters(_ places: [Double]) throws -> [ClusteringFeature] {
    try places.map { try ClusteringFeature(count: 10, mean: [$0, 0], squaredDeviations: 0.1) }
  }

  @Test func reorderedClustersKeepTheirIdentity() throws {
    let matching = try matchClusters(
      old: try clusters([0, 10, 20]), new: try clusters([20.1, 0.2, 9.9]), maximumDistance: 1)
    #expect(matching.matches.map { [$0.old, $0.new] } == [[0, 1], [1, 2], [2, 0]])
    #expect(isClose(matching.matches[0].distance, 0.2))
    #expect(matching.splits.isEmpty && matching.merges.isEmpty)
    #expect(matching.retired.isEmpty && matching.born.isEmpty)
  }

  @Test func clustersFarFromAllOthersRetireAndAreBorn() throws {
    let matching = try matchClusters(
      old: try clusters([0, 10]), new: try clusters([0, 30, 40]), maximumDistance: 1)
    #expect(matching.matches.map { [$0.old, $0.new] } == [[0, 0]])
    #expect(matching.retired == [1])
    #expect(matching.born == [1, 2])
  }

  @Test func anExactContinuationIsNotGivenUpForTwoLooseOnes() throws {
    let matching = try matchClusters(
      old: try clusters([0, 1.9]), new: try clusters([1.9, 2.9]), maximumDistance: 2)
    #expect(matching.matches.map { [$0.old, $0.new] } == [[1, 0]])
  }

  @Test func splitsAndMergesAreRecorded() throws {
    let split = try matchClusters(
      old: try clusters([0, 10]), new: try clusters([-0.4, 10, 0.5]), maximumDistance: 1)
    #expect(split.splits == [.init(whole: 0, parts: [0, 2])])
    #expect(split.matches.map { [$0.old, $0.new] } == [[0, 0], [1, 1]])
    #expect(split.born.isEmpty)
    let merge = try matchClusters(
      old: try clusters([-0.4, 10, 0.5]), new: try clusters([0, 10]), maximumDistance: 1)
    #expect(merge.merges == [.init(whole: 0, parts: [0, 2])])
    #expect(merge.retired.isEmpty)
  }

  @Test func evidenceCanForbidAMatch() throws {
    let matching = try matchClusters(
      old: try clusters([0, 1]), new: try clusters([0, 1]), maximumDistance: 1.5,
      penalty: [[9, 0], [0, 9]])
    #expect(matching.matches.map { [$0.old, $0.new] } == [[0, 1], [1, 0]])
  }

  @Test func nothingMatchesNothing() throws {
    #expect(try matchClusters(old: [], new: [], maximumDistance: 1) == ClusterMatching())
    let born = try matchClusters(old: [], new: try clusters([1]), maximumDistance: 0)
    #expect(born.born == [0])
    #expect(throws: BirchError.self) {
      try matchClusters(old: [], new: [], maximumDistance: -1)
    }
    #expect(throws: BirchError.self) {
      try matchClusters(
        old: try clusters([1]), new: try clusters([1]), maximumDistance: 1, penalty: [[]])
    }
  }
}
