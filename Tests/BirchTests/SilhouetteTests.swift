import Testing

@testable import Birch

@Suite struct SilhouetteTests {
  @Test func everyPointHasTheSilhouetteThatScikitLearnGivesIt() throws {
    let samples = try silhouetteSamples(
      points: ReferenceValues.points, dimension: 3, labels: ReferenceValues.groups)
    #expect(samples.count == ReferenceValues.silhouettes.count)
    #expect(
      zip(samples, ReferenceValues.silhouettes).allSatisfy { abs($0 - $1) < 1e-12 })
    let mean = try silhouette(
      points: ReferenceValues.points, dimension: 3, labels: ReferenceValues.groups)
    #expect(abs(mean - ReferenceValues.meanSilhouette) < 1e-12)
  }

  @Test func aWeightCountsAsThatManyEqualPoints() throws {
    let weights = ReferenceValues.groups.indices.map { Double($0 % 3 + 1) }
    let samples = try silhouetteSamples(
      points: ReferenceValues.points, dimension: 3, labels: ReferenceValues.groups,
      weights: weights)
    #expect(
      zip(samples, ReferenceValues.repeatedSilhouettes).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func oneClusterAndSinglePointsScoreZero() throws {
    #expect(try silhouette(points: [1, 2, 3], dimension: 1, labels: [5, 5, 5]) == 0)
    #expect(try silhouette(points: [], dimension: 1, labels: []) == 0)
    let samples = try silhouetteSamples(points: [0, 0, 9], dimension: 1, labels: [0, 0, 1])
    #expect(samples == [1, 1, 0])
    #expect(try silhouetteSamples(points: [4, 4], dimension: 1, labels: [0, 1]) == [0, 0])
  }

  @Test func aSampleIsReproducibleAndNearTheWhole() throws {
    var maker = PointMaker(seed: 50)
    let points = maker.points(300, dimension: 2) + maker.points(300, dimension: 2, centre: 4)
    let labels = (0..<600).map { $0 / 300 }
    func value(_ limit: Int, _ seed: UInt64) throws -> Double {
      try silhouette(
        points: points.flatMap { $0 }, dimension: 2, labels: labels, sampleLimit: limit, seed: seed)
    }
    #expect(try value(100, 1) == value(100, 1))
    #expect(try value(100, 1) != value(100, 2))
    #expect(try abs(value(300, 3) - value(600, 3)) < 0.05)
  }

  @Test func theSimplifiedOneIsItsDefinitionForSinglePoints() throws {
    let entries = try referencePoints.map { try ClusteringFeature(point: $0) }
    let groups = ReferenceValues.groups
    var members = [[[Double]]](repeating: [], count: 4)
    for (point, group) in zip(referencePoints, groups) { members[group].append(point) }
    let centres = try members.map { try feature(of: $0).mean }
    var sum = 0.0
    for (point, group) in zip(referencePoints, groups) {
      let own = squaredGap(point, centres[group]).squareRoot()
      let gaps = (0..<4).filter { $0 != group }.map { squaredGap(point, centres[$0]).squareRoot() }
      let next = gaps.min() ?? 0
      sum += (next - own) / max(next, own)
    }
    let value = try simplifiedSilhouette(entries, labels: groups)
    #expect(isClose(value, sum / Double(groups.count)))
    #expect(try simplifiedSilhouette(entries, labels: groups.map { _ in 1 }) == 0)
    #expect(try simplifiedSilhouette([], labels: []) == 0)
  }

  @Test func unfitInputIsRefused() {
    #expect(throws: BirchError.self) {
      try silhouetteSamples(points: [1, 2, 3], dimension: 2, labels: [0])
    }
    #expect(throws: BirchError.self) { try silhouette(points: [1], dimension: 0, labels: [0]) }
    #expect(throws: BirchError.self) {
      try silhouette(points: [1, .nan], dimension: 1, labels: [0, 1])
    }
    #expect(throws: BirchError.self) {
      try silhouette(points: [1], dimension: 1, labels: [0], sampleLimit: 0)
    }
    #expect(throws: BirchError.self) { try simplifiedSilhouette([], labels: [1]) }
  }
}
