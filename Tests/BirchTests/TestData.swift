@testable import Birch

/// Seeded points for the tests.
struct PointMaker {
  private var generator: SeededGenerator

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
  }

  /// A number in 0..<1.
  mutating func uniform() -> Double {
    Double(generator.next() >> 11) * 0x1p-53
  }

  /// About normal, mean 0 and variance 1: twelve uniform numbers added up.
  mutating func normal() -> Double {
    (0..<12).reduce(-6) { sum, _ in sum + uniform() }
  }

  mutating func points(_ count: Int, dimension: Int, centre: Double = 0, spread: Double = 1)
    -> [[Double]]
  {
    (0..<count).map { _ in (0..<dimension).map { _ in centre + spread * normal() } }
  }

  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var elements = elements
    for index in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(index, Int(generator.next() % UInt64(index + 1)))
    }
    return elements
  }
}

/// The feature of points of weight 1, or of the weights given.
func feature(of points: [[Double]], weights: [Double]? = nil) throws -> ClusteringFeature {
  var result = ClusteringFeature(dimension: points.first?.count ?? 0)
  for (index, point) in points.enumerated() {
    try result.add(point, weight: weights?[index] ?? 1)
  }
  return result
}

func squaredGap(_ left: [Double], _ right: [Double]) -> Double {
  zip(left, right).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
}

func isClose(_ left: Double, _ right: Double, relative: Double = 1e-9) -> Bool {
  abs(left - right) <= relative * max(1e-12, abs(left), abs(right))
}

func isClose(_ left: ClusteringFeature, _ right: ClusteringFeature, relative: Double = 1e-9) -> Bool
{
  let scale = left.mean.reduce(left.radius + 1e-12) { max($0, abs($1)) }
  return isClose(left.count, right.count, relative: relative)
    && isClose(left.squaredDeviations, right.squaredDeviations, relative: relative)
    && zip(left.mean, right.mean).allSatisfy { abs($0 - $1) <= relative * scale }
}

/// A tree of points of weight 1, finished.
func tree(
  of points: [[Double]], _ change: (inout CFTreeOptions) -> Void = { _ in }
) throws -> CFTree {
  var options = CFTreeOptions()
  change(&options)
  var tree = try CFTree(dimension: points.first?.count ?? 1, options: options)
  for point in points { try tree.insert(point) }
  tree.finish()
  return tree
}

/// The reference points, one row each.
var referencePoints: [[Double]] {
  stride(from: 0, to: ReferenceValues.points.count, by: 3).map {
    Array(ReferenceValues.points[$0..<($0 + 3)])
  }
}
