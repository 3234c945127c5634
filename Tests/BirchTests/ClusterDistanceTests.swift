import Testing

@testable import Birch

@Suite struct ClusterDistanceTests {
  private let left: [[Double]]
  private let right: [[Double]]

  init() {
    var maker = PointMaker(seed: 5)
    left = maker.points(9, dimension: 13, centre: 2)
    right = maker.points(6, dimension: 13, centre: -1, spread: 2)
  }

  /// A distance from its definition over the points.
  private func definition(_ distance: ClusterDistance) throws -> Double {
    let (a, b) = (try feature(of: left).mean, try feature(of: right).mean)
    switch distance {
    case .d0:
      return squaredGap(a, b).squareRoot()
    case .d1:
      return zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) }
    case .d2:
      let sum = left.reduce(0) { sum, x in right.reduce(sum) { $0 + squaredGap(x, $1) } }
      return (sum / 54).squareRoot()
    case .d3:
      let all = left + right
      let sum = all.reduce(0) { sum, x in all.reduce(sum) { $0 + squaredGap(x, $1) } }
      return (sum / (15 * 14)).squareRoot()
    case .d4:
      func deviations(_ points: [[Double]]) -> Double {
        let mean = (0..<13).map { c in points.reduce(0) { $0 + $1[c] } / Double(points.count) }
        return points.reduce(0) { $0 + squaredGap($1, mean) }
      }
      return (deviations(left + right) - deviations(left) - deviations(right)).squareRoot()
    case .pooled:
      let origin = [Double](repeating: 0, count: 13)
      let squares = (left + right).reduce(0) { $0 + squaredGap($1, origin) }
      return (squares / 15 + squaredGap(a, b)).squareRoot()
    }
  }

  @Test(arguments: ClusterDistance.allCases)
  func equalsItsDefinitionOverThePoints(_ distance: ClusterDistance) throws {
    let value = distance.distance(try feature(of: left), try feature(of: right))
    #expect(isClose(value, try definition(distance), relative: 1e-11))
  }

  @Test(arguments: ClusterDistance.allCases)
  func isSymmetric(_ distance: ClusterDistance) throws {
    let (a, b) = (try feature(of: left), try feature(of: right))
    #expect(isClose(distance.distance(a, b), distance.distance(b, a), relative: 1e-14))
  }

  @Test(arguments: ClusterDistance.allCases, [1e3, 1e6])
  func isUnmovedByATranslationUnlessPooled(_ distance: ClusterDistance, offset: Double) throws {
    func moved(_ points: [[Double]]) throws -> ClusteringFeature {
      try feature(of: points.map { $0.map { $0 + offset } })
    }
    let before = distance.distance(try feature(of: left), try feature(of: right))
    let after = distance.distance(try moved(left), try moved(right))
    #expect(isClose(before, after, relative: 1e-6) == (distance != .pooled))
  }

  @Test func ofEqualPointsIsZeroUnlessPooled() throws {
    let point = try ClusteringFeature(point: [3, 4])
    for distance in ClusterDistance.allCases where distance != .pooled {
      #expect(distance.distance(point, point) == 0)
    }
    #expect(ClusterDistance.pooled.distance(point, point) == 5)
  }

  @Test func ofDifferentDimensionsIsNotANumber() throws {
    let value = ClusterDistance.d0.distance(
      try ClusteringFeature(point: [3, 4]), try ClusteringFeature(point: [3]))
    #expect(value.isNaN)
  }
}
