import Glibc

/// Places points in the plane so that near ones stay near, for pictures: t-SNE (van der Maaten &
/// Hinton 2008, equations 1 to 5), all pairs, begun at the first two principal axes instead of at
/// random, so that the same points always give the same picture.
///
/// Distances between groups mean little, and neither do the axes.
public struct NeighbourEmbedding: Sendable {
  /// Effective number of neighbours of a point; less where there are few points.
  public var perplexity = 30.0
  public var iterations = 400

  /// Points at most: time and memory grow with their square.
  public static let pointLimit = 4096

  private static let exaggeration = 4.0
  private static let exaggerated = 100
  private static let momenta = (early: 0.5, late: 0.8)

  public init() {}

  /// The places of the points, `[count, 2]`.
  ///
  /// - Parameter points: `[count, dimension]`, finite; at most ``pointLimit``.
  public func places(_ points: [Float], dimension: Int) -> [Double] {
    let count = dimension > 0 ? min(points.count / dimension, Self.pointLimit) : 0
    guard count > 1 else { return [Double](repeating: 0, count: 2 * count) }
    let distances = Self.squaredDistances(points, count: count, dimension: dimension)
    let affinities = Affinities(
      distances, count: count, perplexity: min(perplexity, Double(count - 1) / 3)
    ).joint
    var places = PrincipalPlane.places(distances, count: count)
    descend(&places, affinities, count: count)
    return places
  }

  private func descend(_ places: inout [Double], _ affinities: [Double], count: Int) {
    var steps = [Double](repeating: 0, count: 2 * count)
    var gains = [Double](repeating: 1, count: 2 * count)
    let rate = max(Double(count) / Self.exaggeration / 4, 10)
    for iteration in 0..<iterations {
      let isEarly = iteration < Self.exaggerated
      let gradient = Self.gradient(
        places, affinities, count: count, factor: isEarly ? Self.exaggeration : 1)
      let momentum = isEarly ? Self.momenta.early : Self.momenta.late
      for index in places.indices {
        let agrees = (gradient[index] > 0) == (steps[index] > 0)
        gains[index] = max(agrees ? gains[index] * 0.8 : gains[index] + 0.2, 0.01)
        steps[index] = momentum * steps[index] - rate * gains[index] * gradient[index]
        places[index] += steps[index]
      }
    }
  }

  /// 4 Σ (p − q)(y_i − y_j) / (1 + ‖y_i − y_j‖²), equation 5.
  private static func gradient(
    _ places: [Double], _ affinities: [Double], count: Int, factor: Double
  ) -> [Double] {
    var kernels = [Double](repeating: 0, count: count * count)
    var total = 0.0
    for row in 0..<count {
      for column in 0..<row {
        let x = places[2 * row] - places[2 * column]
        let y = places[2 * row + 1] - places[2 * column + 1]
        let kernel = 1 / (1 + x * x + y * y)
        kernels[row * count + column] = kernel
        total += 2 * kernel
      }
    }
    var gradient = [Double](repeating: 0, count: 2 * count)
    for row in 0..<count {
      for column in 0..<row {
        let kernel = kernels[row * count + column]
        let pull = 4 * (factor * affinities[row * count + column] - kernel / total) * kernel
        for axis in 0..<2 {
          let force = pull * (places[2 * row + axis] - places[2 * column + axis])
          gradient[2 * row + axis] += force
          gradient[2 * column + axis] -= force
        }
      }
    }
    return gradient
  }

  private static func squaredDistances(
    _ points: [Float], count: Int, dimension: Int
  ) -> [Double] {
    var distances = [Double](repeating: 0, count: count * count)
    for row in 0..<count {
      for column in 0..<row {
        var sum = 0.0
        for index in 0..<dimension {
          let difference =
            Double(points[row * dimension + index]) - Double(points[column * dimension + index])
          sum += difference * difference
        }
        distances[row * count + column] = sum
        distances[column * count + row] = sum
      }
    }
    return distances
  }
}

/// How much each pair of points belongs together.
private struct Affinities {
  /// Symmetric, sums to 1, `[count, count]`.
  let joint: [Double]

  /// Each point's width is searched so that its neighbours have the perplexity asked for.
  init(_ distances: [Double], count: Int, perplexity: Double) {
    let target = log(max(perplexity, 1))
    var conditional = [Double](repeating: 0, count: count * count)
    for row in 0..<count {
      let range = (row * count)..<((row + 1) * count)
      // Distances count from the nearest point, so that no exponential vanishes for all.
      let nearest =
        range.reduce(Double.infinity) {
          $1 - row * count == row ? $0 : min($0, distances[$1])
        }
      let scale = max(distances[range].reduce(0, +) / Double(count), 1e-12)
      var (low, high) = (0.0, Double.infinity)
      var precision = 1 / scale
      for _ in 0..<60 {
        var (sum, weighted) = (0.0, 0.0)
        for index in range where index - row * count != row {
          let excess = distances[index] - nearest
          let value = exp(-precision * excess)
          conditional[index] = value
          sum += value
          weighted += value * excess
        }
        let entropy = log(sum) + precision * weighted / sum
        for index in range { conditional[index] /= sum }
        guard abs(entropy - target) > 1e-4 else { break }
        if entropy > target {
          low = precision
          precision = high.isFinite ? (low + high) / 2 : precision * 2
        } else {
          high = precision
          precision = (low + high) / 2
        }
      }
    }
    var joint = conditional
    for row in 0..<count {
      for column in 0..<count {
        joint[row * count + column] =
          (conditional[row * count + column] + conditional[column * count + row])
          / (2 * Double(count))
      }
    }
    self.joint = joint
  }
}

/// Classical scaling: the two directions in which points of known distances differ most.
private enum PrincipalPlane {
  /// Places of small spread (10⁻² on the first axis), `[count, 2]`.
  static func places(_ distances: [Double], count: Int) -> [Double] {
    let rows = (0..<count).map { row in
      distances[(row * count)..<((row + 1) * count)].reduce(0, +) / Double(count)
    }
    let mean = rows.reduce(0, +) / Double(count)
    func product(_ vector: [Double]) -> [Double] {
      (0..<count).map { row in
        var sum = 0.0
        for column in 0..<count {
          let inner = rows[row] + rows[column] - mean - distances[row * count + column]
          sum += inner * vector[column]
        }
        return sum / 2
      }
    }
    var places = [Double](repeating: 0, count: 2 * count)
    var first: [Double] = []
    for axis in 0..<2 {
      // Any start will do that no axis is at right angles to.
      var vector = (0..<count).map { sin(Double($0 * (axis + 1)) + 1) }
      for _ in 0..<60 {
        if axis == 1 { remove(first, from: &vector) }
        vector = product(vector)
        guard normalise(&vector) else { break }
      }
      if axis == 1 { remove(first, from: &vector) }
      for index in 0..<count { places[2 * index + axis] = vector[index] }
      if axis == 0 { first = vector }
    }
    let spread = (places.reduce(0) { $0 + $1 * $1 } / Double(count)).squareRoot()
    return spread > 0 ? places.map { $0 * 1e-2 / spread } : places
  }

  private static func remove(_ other: [Double], from vector: inout [Double]) {
    let part = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
    for index in vector.indices { vector[index] -= part * other[index] }
  }

  private static func normalise(_ vector: inout [Double]) -> Bool {
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 1e-12 else {
      vector = [Double](repeating: 0, count: vector.count)
      return false
    }
    vector = vector.map { $0 / length }
    return true
  }
}
