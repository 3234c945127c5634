import SIMDKernels

/// Inner loops over rows of `Double`.
///
/// Strict floating point forbids the compiler to reorder a sum, so a plain loop stays scalar; where
/// it matters a kernel or fixed lanes do the work.
enum VectorArithmetic {
  typealias Row = UnsafePointer<Double>
  typealias Lanes = SIMD4<Double>

  @inline(__always)
  private static func load(_ row: Row, _ index: Int) -> Lanes {
    UnsafeRawPointer(row + index).loadUnaligned(as: Lanes.self)
  }

  /// The squared Euclidean distance of two rows.
  @inline(__always)
  static func squaredDistance(_ left: Row, _ right: Row, _ count: Int) -> Double {
    simd_feature_distance(Kernels.features, count, left, right)
  }

  /// The Manhattan distance of two rows.
  static func manhattanDistance(_ left: Row, _ right: Row, _ count: Int) -> Double {
    var sum = 0.0
    for index in 0..<count {
      sum += abs(left[index] - right[index])
    }
    return sum
  }

  /// The squared Euclidean norm of a row.
  static func squaredNorm(_ row: Row, _ count: Int) -> Double {
    var lanes = Lanes.zero
    var index = 0
    while index &+ 4 <= count {
      let a = load(row, index)
      lanes += a * a
      index &+= 4
    }
    var sum = lanes.sum()
    while index < count {
      sum += row[index] * row[index]
      index &+= 1
    }
    return sum
  }

  /// Moves `mean` by `fraction` of the way to `target`.
  @inline(__always)
  static func move(
    _ mean: UnsafeMutablePointer<Double>, towards target: Row, by fraction: Double, _ count: Int
  ) {
    for index in 0..<count {
      mean[index] += (target[index] - mean[index]) * fraction
    }
  }
}
