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
      let gap = squaredDistance(feature, point)
      if gap < best.1 { best = (index, gap) }
    }
    return best.0
  }

  private func squaredDistance(_ feature: ClusteringFeature, _ point: [Double]) -> Double {
    VectorArithmetic.squaredDistance(feature.mean, point, point.count)
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

  /// Many rows of many columns, which are looked through by projections: rows in tight groups, every
  /// fourth of them there twice, spread over all columns or over five of them.
  @Test(arguments: [0, 1e3, 1e6], [64, 5])
  func projectionsMissNothing(_ offset: Double, spread: Int) throws {
    var maker = PointMaker(seed: 7)
    let groups = maker.points(300, dimension: spread).map {
      $0 + [Double](repeating: 0, count: 64 - spread)
    }
    var means: [[Double]] = []
    for index in 0..<1500 {
      means.append(groups[index % 300].map { offset + $0 + 0.02 * maker.normal() })
      if index % 4 == 0 { means.append(means[index / 2]) }
    }
    let features = try means.map { try ClusteringFeature(point: $0) }
    #expect(ProjectedRows(FeatureRows(features), origin: groups[0], scale: 1e-3) != nil)
    var points = (0..<150).map { groups[$0].map { offset + $0 + 0.05 * maker.normal() } }
    points += means.prefix(50)
    // Halfway between two rows, and far out.
    points += (0..<50).map { zip(means[$0], means[$0 + 1]).map { ($0 + $1) / 2 } }
    points += [means[3].map { $0 * 1e4 }, means[4].map { $0 + 1e9 }, groups[5].map { $0 * 1e60 }]
    for (found, point) in zip(answers(features, points), points) {
      let expected = scan(features, point)
      #expect(found.0 == expected)
      #expect(found.1 == squaredDistance(features[expected], point))
    }
  }

  @Test func projectionsGiveUpWhereAllRowsAreEquallyFar() throws {
    // One row on every axis: from the middle all are equally near, and the first counts.
    let features = try (0..<1200).map { index in
      try ClusteringFeature(point: (0..<1200).map { $0 == index ? 1 : 0 })
    }
    let middle = [Double](repeating: 0, count: 1200)
    #expect(answers(features, [[Double]](repeating: middle, count: 100)).allSatisfy { $0.0 == 0 })
    let same = try ClusteringFeature(point: [Double](repeating: 2, count: 64))
    let point = [[Double](repeating: 2, count: 64), [Double](repeating: 0, count: 64)]
    let equal = [ClusteringFeature](repeating: same, count: 1100)
    #expect(answers(equal, point).map(\.0) == [0, 0])
  }
}
