import Testing

@testable import Birch

@Suite struct ClusteringFeatureTests {
  @Test func mergingTwoFeaturesEqualsAddingTheirPoints() throws {
    var maker = PointMaker(seed: 1)
    let left = maker.points(37, dimension: 11, centre: 3)
    let right = maker.points(5, dimension: 11, centre: -8, spread: 4)
    var merged = try feature(of: left)
    merged.merge(try feature(of: right))
    #expect(isClose(merged, try feature(of: left + right), relative: 1e-12))
  }

  @Test func mergingIsAssociative() throws {
    var maker = PointMaker(seed: 2)
    let parts = try (0..<3).map { part in
      try feature(of: maker.points(10 + 7 * part, dimension: 5, centre: Double(part * part) * 9))
    }
    var leftFirst = parts[0]
    leftFirst.merge(parts[1])
    leftFirst.merge(parts[2])
    var rightFirst = parts[1]
    rightFirst.merge(parts[2])
    var other = parts[0]
    other.merge(rightFirst)
    #expect(isClose(leftFirst, other, relative: 1e-12))
  }

  @Test func derivedSumsAreThoseOfThePoints() throws {
    let points = [[1.0, 2], [3, -4], [0.5, 8]]
    let summary = try feature(of: points)
    #expect(zip(summary.linearSum, [4.5, 6]).allSatisfy { isClose($0, $1, relative: 1e-14) })
    #expect(isClose(summary.squareSum, 94.25, relative: 1e-14))
  }

  @Test func radiusAndDiameterAreTheirDefinitionsOverThePoints() throws {
    var maker = PointMaker(seed: 3)
    let points = maker.points(23, dimension: 4)
    let summary = try feature(of: points)
    var fromMean = 0.0
    var pairs = 0.0
    for point in points {
      fromMean += squaredGap(point, summary.mean)
      for other in points { pairs += squaredGap(point, other) }
    }
    #expect(isClose(summary.radius, (fromMean / 23).squareRoot()))
    #expect(isClose(summary.diameter, (pairs / (23 * 22)).squareRoot()))
  }

  @Test func aWeightCountsAsThatManyEqualPoints() throws {
    let weighted = try feature(of: [[1, 2], [4, 6]], weights: [3, 2])
    let repeated = try feature(of: [[1, 2], [1, 2], [1, 2], [4, 6], [4, 6]])
    #expect(isClose(weighted, repeated, relative: 1e-13))
  }

  @Test func theDiameterOfTwoPointsIsTheirDistanceWhateverTheyWeigh() throws {
    for weight in [0.01, 0.5, 1] {
      let pair = try feature(of: [[0, 0], [3, 4]], weights: [weight, weight])
      #expect(isClose(pair.diameter, 5, relative: 1e-14))
    }
  }

  @Test func radiusSurvivesFloatDataFarFromTheOrigin() throws {
    var maker = PointMaker(seed: 4)
    let near = maker.points(400, dimension: 8, spread: 0.2)
    // Rounded to Float at the offset first, as such data arrive: what is left is the true radius.
    let far = near.map { $0.map { Double(Float($0 + 1000)) } }
    let shifted = far.map { $0.map { $0 - 1000 } }
    let trueSquare = try feature(of: shifted).radius * (try feature(of: shifted).radius)
    let summary = try feature(of: far)
    #expect(isClose(summary.radius * summary.radius, trueSquare, relative: 1e-9))
    // The textbook formula in Float, for contrast: it loses the value altogether.
    var square = Float(0)
    var sums = [Float](repeating: 0, count: 8)
    for point in far {
      for (column, value) in point.enumerated() {
        square += Float(value) * Float(value)
        sums[column] += Float(value)
      }
    }
    let textbook = square / 400 - sums.reduce(0) { $0 + ($1 / 400) * ($1 / 400) }
    #expect(abs(Double(textbook) - trueSquare) > trueSquare)
  }

  @Test func ageingKeepsMeanAndRadius() throws {
    var summary = try feature(of: [[1, 2], [4, 6], [0, 1]])
    let before = summary
    summary.scale(by: 0.25)
    #expect(summary.count == 0.75)
    #expect(summary.mean == before.mean)
    #expect(isClose(summary.radius, before.radius, relative: 1e-14))
    summary.scale(by: -1)
    #expect(summary.count == 0.75)
    for _ in 0..<100 { summary.scale(by: 1e-10) }
    #expect(summary.count == BirchLimits.weight.lowerBound)
  }

  @Test func valuesOutsideTheLimitsAreRefusedByColumn() {
    for bad in [Double.nan, .infinity, -.infinity, 1e101] {
      #expect(throws: BirchError.valueOutOfRange(column: 1)) {
        try ClusteringFeature(point: [0, bad])
      }
    }
    for weight in [0, -1, Double.infinity, 1e51] {
      #expect(throws: BirchError.invalidWeight(weight)) {
        try ClusteringFeature(point: [0], weight: weight)
      }
    }
    #expect(throws: BirchError.unsupportedDimension(0)) { try ClusteringFeature(point: []) }
    #expect(throws: BirchError.invalidDeviations(-1)) {
      try ClusteringFeature(count: 1, mean: [0], squaredDeviations: -1)
    }
    var summary = ClusteringFeature(dimension: 2)
    #expect(throws: BirchError.dimensionMismatch(expected: 2, found: 3)) {
      try summary.add([1, 2, 3])
    }
    #expect(summary == ClusteringFeature(dimension: 2))
  }
}
