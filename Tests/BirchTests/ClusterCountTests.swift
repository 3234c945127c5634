import Testing

@testable import Birch

@Suite struct ClusterCountTests {
  private func groups(_ count: Int, seed: UInt64) throws -> [ClusteringFeature] {
    var maker = PointMaker(seed: seed)
    let points = (0..<count).flatMap { maker.points(15, dimension: 3, centre: 12 * Double($0)) }
    return try points.map { try ClusteringFeature(point: $0) }
  }

  @Test(arguments: [2, 3, 6], [Linkage.average, .ward])
  func wellSeparatedGroupsAreCounted(_ count: Int, linkage: Linkage) throws {
    let entries = try groups(count, seed: 70)
    let dendrogram = try agglomerate(entries, linkage: linkage)
    let curve = try clusterCountCurve(dendrogram, entries: entries, range: 1...12, seed: 1)
    #expect(chooseClusterCount(curve) == count)
    let chosen = try #require(curve.first { $0.clusterCount == count })
    #expect(chosen.stability == 1)
    #expect(chosen.relativeGap > 0.4)
    #expect(chosen.simplifiedSilhouette > 0.7)
  }

  @Test func theCurveIsReproducibleAndHoldsTheMergeHeights() throws {
    let entries = try groups(4, seed: 71)
    let dendrogram = try agglomerate(entries, linkage: .average)
    let curve = try clusterCountCurve(dendrogram, entries: entries, range: 0...10_000, seed: 9)
    #expect(
      curve == (try clusterCountCurve(dendrogram, entries: entries, range: 0...10_000, seed: 9)))
    #expect(curve.map(\.clusterCount) == Array(1...60))
    for point in curve.dropLast() {
      #expect(point.height == dendrogram.merges[59 - point.clusterCount].height)
    }
    #expect(curve.allSatisfy { (0...1).contains($0.relativeGap) && $0.stability <= 1 })
  }

  @Test func fewEntriesAreDefined() throws {
    let none = try agglomerate([], linkage: .average)
    #expect(try clusterCountCurve(none, entries: []).isEmpty)
    #expect(chooseClusterCount([]) == nil)
    let one = [try ClusteringFeature(point: [1])]
    let curve = try clusterCountCurve(try agglomerate(one, linkage: .average), entries: one)
    #expect(chooseClusterCount(curve) == 1)
    #expect(throws: BirchError.self) { try clusterCountCurve(none, entries: one) }
  }

  @Test func refinementMovesEntriesToTheirNearestCentroid() throws {
    let entries = try groups(3, seed: 72)
    var labels = (0..<45).map { $0 / 15 }
    labels[0] = 1
    labels[20] = 2
    var centroids = try Centroids(entries: entries, labels: labels)
    #expect(try centroids.refine(entries: entries) == 2)
    #expect(
      Labels.adjustedRandIndex(centroids.labels, (0..<45).map { $0 / 15 }) == 1)
    #expect(centroids.features.reduce(0) { $0 + $1.count } == 45)
    #expect(try centroids.refine(entries: entries) == 0)
  }

  @Test func aPointNearNoCentroidHasNone() throws {
    let entries = [try ClusteringFeature(point: [0, 0]), try ClusteringFeature(point: [3, 4])]
    let centroids = try Centroids(entries: entries, labels: [7, -2])
    #expect(centroids.labels == [0, 1])
    let found = try #require(try centroids.nearest(to: [3, 5]))
    #expect(found == (1, 1))
    #expect(try centroids.nearest(to: [3, 5], limit: 0.9) == nil)
    #expect(throws: BirchError.self) { try centroids.nearest(to: [3]) }
    #expect(throws: BirchError.self) { try centroids.nearest(to: [3, .nan]) }
  }

  @Test func theAdjustedRandIndexIsThatOfKnownCases() {
    #expect(Labels.adjustedRandIndex([0, 0, 1, 1], [5, 5, 2, 2]) == 1)
    // The value scikit-learn documents for this pair.
    #expect(
      isClose(
        Labels.adjustedRandIndex([0, 0, 1, 2], [0, 0, 1, 1]), 0.571428571428571, relative: 1e-12))
    #expect(Labels.adjustedRandIndex([0, 1, 0, 1], [0, 0, 1, 1]) < 0)
  }
}
