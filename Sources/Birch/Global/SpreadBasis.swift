import SIMDKernels

/// Orthonormal directions along which rows spread widely: about the first principal components.
///
/// A few steps of orthogonal iteration on a sample; how near they come to the components decides only
/// how well the directions tell rows apart.
struct SpreadBasis {
  /// `[directions, dimension]`.
  private(set) var values: [Double]
  /// By how much the products of two directions are off 0 or 1, summed over one direction, at most.
  private(set) var deviation = 0.0

  private let dimension: Int
  private let directions = Int(SIMD_DIRECTIONS)
  private var generator = SeededGenerator(seed: 0)

  private static let sampled = 1024
  private static let steps = 4

  /// Rows have more columns than there are directions.
  init(_ rows: FeatureRows, origin: [Double], scale: Double) {
    dimension = rows.dimension
    values = [Double](repeating: 0, count: directions * dimension)
    orthonormalise()
    let stride = max(1, rows.count / Self.sampled)
    var shares = [Double](repeating: 0, count: directions)
    for _ in 0..<Self.steps {
      var next = [Double](repeating: 0, count: values.count)
      for index in Swift.stride(from: 0, to: rows.count, by: stride) {
        let mean = rows.mean(index)
        _ = simd_project(Kernels.features, dimension, mean, origin, scale, values, &shares)
        for direction in 0..<directions {
          for column in 0..<dimension {
            next[direction * dimension + column] +=
              shares[direction] * (mean[column] - origin[column]) * scale
          }
        }
      }
      values = next
      orthonormalise()
    }
    for first in 0..<directions {
      let off = (0..<directions).reduce(0) { $0 + abs(product(first, $1) - (first == $1 ? 1 : 0)) }
      deviation = max(deviation, off)
    }
  }

  private func product(_ left: Int, _ right: Int) -> Double {
    (0..<dimension).reduce(0) {
      $0 + values[left * dimension + $1] * values[right * dimension + $1]
    }
  }

  private mutating func scale(_ direction: Int, by factor: Double) {
    for column in 0..<dimension { values[direction * dimension + column] *= factor }
  }

  /// Gram and Schmidt's process, twice for each direction; one that depends on those before it is
  /// replaced by a random one.
  private mutating func orthonormalise() {
    for direction in 0..<directions {
      for _ in 0..<8 {
        let length = product(direction, direction).squareRoot()
        if length > 1e-100 {
          scale(direction, by: 1 / length)
          takeOut(before: direction)
          let left = product(direction, direction).squareRoot()
          if left > 1e-6 {
            scale(direction, by: 1 / left)
            takeOut(before: direction)
            scale(direction, by: 1 / product(direction, direction).squareRoot())
            break
          }
        }
        for column in 0..<dimension {
          values[direction * dimension + column] = Double(generator.next() >> 11) * 0x1p-53 - 0.5
        }
      }
    }
  }

  private mutating func takeOut(before direction: Int) {
    for earlier in 0..<direction {
      let share = product(direction, earlier)
      for column in 0..<dimension {
        values[direction * dimension + column] -= share * values[earlier * dimension + column]
      }
    }
  }
}
