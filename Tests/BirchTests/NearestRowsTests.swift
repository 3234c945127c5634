import Testing

@testable import Birch

@Suite struct NearestRowsTests {
  private func answers(_ features: [ClusteringFeature], _ points: [[Double]]) -> [(Int, Double)] {
    var found: [(Int, Double)] = []
    let search = NearestRows(features)
    points.flatMap { $0 }.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      search.forEachNearest(base, count: points.count) { point, index, gap in
        #expect(point == found.count)
        found.append((index, gap))
      }
    }
    return found
  }

  /// The plain scan in double precision, the first of equals.
  private func scan(_ features: [ClusteringFeature], _ point: [Double]) -> Int {
    var best = (0, Double.infinity)
    for (index, feature) in features.enumerated() {
      let gap = point.withUnsafeBufferPointer { left in
        feature.mean.withUnsafeBufferPointer { right in
          guard let left = left.baseAddress, let right = right.baseAddress else { return 0.0 }
          return VectorArithmetic.squaredDistance(right, left, point.count)
        }
      }
      if gap < best.1 { best = (index, gap) }
    }
    return best.0
  }

  @Test(arguments: [1, 5, 32, 128], [0, 1e3, 1e6])
  func theBlockedSearchIsThePlainScan(_ dimension: Int, offset: Double) throws {
    var maker = PointMaker(seed: UInt64(dimension))
    let features = try maker.points(1500, dimension: dimension, centre: offset).map {
      try ClusteringFeature(point: $0)
    }
    let points = maker.points(100, dimension: dimension, centre: offset)
    for (found, point) in zip(answers(features, points), points) {
      #expect(found.0 == scan(features, point))
    }
  }

  @Test func rowsThatSinglePrecisionCannotTellApartAreToldApart() throws {
    // Differences of 1e-9 beside lengths of 1: far below the rounding of a float.
    var features = try (0..<60).map { try ClusteringFeature(point: [1 + Double($0) * 1e-9, 1]) }
    features.append(try ClusteringFeature(point: [-3, 0]))
    let points = (0..<60).map { [1 + Double($0) * 1e-9 + 4e-10, 1] }
    #expect(answers(features, points).map(\.0) == Array(0..<60))
  }

  @Test func equalRowsAndFarPointsAreDefined() throws {
    let same = try [ClusteringFeature](repeating: ClusteringFeature(point: [2, 2]), count: 100)
    #expect(answers(same, [[2, 2], [0, 0], [1e99, 0]]).map(\.0) == [0, 0, 0])
    var maker = PointMaker(seed: 5)
    let features = try maker.points(100, dimension: 2).map { try ClusteringFeature(point: $0) }
    let far = [[1e14, 0], [1e60, -1e60], [-1e99, 3]]
    for (found, point) in zip(answers(features, far), far) {
      #expect(found.0 == scan(features, point))
    }
    let huge = try (0..<30).map { try ClusteringFeature(point: [Double($0) * 1e98, 1]) }
    #expect(answers(huge, [[3e98, 0]]).map(\.0) == [3])
    #expect(answers([], [[1, 2]]).isEmpty)
  }
}
