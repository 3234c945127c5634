import SIMDKernels

extension ClusteringFeature {
  /// The sum of the points, LS of the 1996 triple, `[dimension]`.
  public var linearSum: [Double] {
    mean.map { $0 * count }
  }

  /// The sum of the points' squared norms, SS of the 1996 triple.
  public var squareSum: Double {
    squaredDeviations + count * squaredNorm
  }

  /// The root mean square distance of the points from their mean; 0 when empty.
  public var radius: Double {
    count > 0 ? (squaredDeviations / count).squareRoot() : 0
  }

  /// The root mean square distance between two different points; 0 when empty.
  ///
  /// 2 S / (n − 1), as the 1996 definition gives for points of weight 1. Below a total weight of 2
  /// that divisor would vanish or turn negative; there n / 2 stands for it, which is equal at 2 and
  /// makes the diameter of two points their distance whatever they weigh.
  public var diameter: Double {
    Self.squaredDiameter(count, squaredDeviations).squareRoot()
  }

  /// The squared Euclidean norm of the mean.
  var squaredNorm: Double {
    mean.withUnsafeBufferPointer { row in
      guard let base = row.baseAddress else { return 0 }
      return VectorArithmetic.squaredNorm(base, row.count)
    }
  }

  /// `pointWeight` is the weight of one point.
  @inline(__always)
  static func squaredDiameter(
    _ count: Double, _ squaredDeviations: Double, pointWeight: Double = 1
  ) -> Double {
    guard count > 0 else { return 0 }
    return 2 * squaredDeviations / max(count - pointWeight, count / 2)
  }
}

/// Checks of values that come from outside.
enum FeatureCheck {
  static func dimension(_ dimension: Int) throws(BirchError) {
    guard dimension >= 1, dimension <= BirchLimits.dimension else {
      throw .unsupportedDimension(dimension)
    }
  }

  static func point(_ point: [Double]) throws(BirchError) {
    try dimension(point.count)
    for (column, value) in point.enumerated() where !(abs(value) <= BirchLimits.magnitude) {
      throw .valueOutOfRange(column: column)
    }
  }

  static func point(_ point: UnsafeBufferPointer<Double>) throws(BirchError) {
    guard let base = point.baseAddress, point.count > 0,
      simd_within(Kernels.features, point.count, base, BirchLimits.magnitude) == 0
    else { return }
    let column = point.firstIndex { !(abs($0) <= BirchLimits.magnitude) }
    throw .valueOutOfRange(column: column ?? 0)
  }

  static func weight(_ weight: Double) throws(BirchError) {
    guard BirchLimits.weight.contains(weight) else { throw .invalidWeight(weight) }
  }

  /// Entries that a global method takes: all of one dimension, none empty.
  static func entries(_ entries: [ClusteringFeature]) throws(BirchError) {
    guard let first = entries.first else { return }
    for entry in entries {
      guard entry.dimension == first.dimension else {
        throw .dimensionMismatch(expected: first.dimension, found: entry.dimension)
      }
      guard entry.count > 0 else { throw .invalidWeight(entry.count) }
    }
  }

  static func length(_ what: String, _ found: Int, _ expected: Int) throws(BirchError) {
    guard found == expected else {
      throw .lengthMismatch(what: what, expected: expected, found: found)
    }
  }
}
