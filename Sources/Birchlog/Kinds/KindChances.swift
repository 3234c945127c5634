import Glibc

/// How likely an anomalous unit is of each kind, by what the classifier says and by how near the kinds lie.
enum KindChances {
  /// What a kind keeps of a chance whatever the classifier says, which knows little of kinds of few
  /// units.
  private static let doubt: Float = 0.2
  /// How fast a kind gets less likely with its distance over that of the nearest one.
  private static let sharpness = 16.0
  /// Distances below this are alike.
  private static let smallestDistance = 1e-3

  /// Probabilities that add up to 1. Where one kind is clearly the nearest it is the unit's, for so stage
  /// 3 made them; between kinds about as near the classifier decides.
  ///
  /// - Parameters:
  ///   - said: the classifier's probability of each kind.
  ///   - distances: of the unit's signature from each kind.
  static func weighed(_ said: [Float], distances: [Double]) -> [Float] {
    let near = distances.map { max($0, smallestDistance) }
    let nearest = near.min() ?? smallestDistance
    return normalised(
      zip(said, near).map { ($0 + doubt) * Float(pow(nearest / $1, sharpness)) })
  }

  /// The same proportions, adding up to 1; all alike where nothing is left.
  static func normalised(_ values: [Float]) -> [Float] {
    let total = values.reduce(0, +)
    return total > 0
      ? values.map { $0 / total } : values.map { _ in 1 / Float(max(values.count, 1)) }
  }
}
