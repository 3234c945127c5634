import Glibc

/// A distance between two clusters, computed from their features alone.
///
/// D0 to D4 are those of Zhang, Ramakrishnan & Livny 1996, all in units of length (D4 is the root of
/// the increase in squared deviations), in the cancellation-free form of BETULA.
public enum ClusterDistance: String, CaseIterable, Sendable {
  /// Euclidean distance of the centroids.
  case d0
  /// Manhattan distance of the centroids.
  case d1
  /// Average inter-cluster distance: root mean square over all pairs across the two clusters.
  case d2
  /// Average intra-cluster distance: the diameter of the union.
  case d3
  /// Variance increase: root of what the union adds to the sum of squared deviations.
  case d4
  /// For comparison only: the distance of the centroids with the pooled mean square norm about the
  /// origin added under the root.
  ///
  /// It is printed as D0 in some later texts. It is not 0 for equal clusters and changes when the
  /// data are moved.
  case pooled

  /// The distance of two clusters of one dimension; NaN where the dimensions differ.
  public func distance(_ left: ClusteringFeature, _ right: ClusteringFeature) -> Double {
    guard left.dimension == right.dimension else { return .nan }
    let width = left.dimension
    return left.mean.withUnsafeBufferPointer { a in
      right.mean.withUnsafeBufferPointer { b in
        guard let a = a.baseAddress, let b = b.baseAddress else { return 0 }
        let rank = rank(
          a, left.count, left.squaredDeviations, b, right.count, right.squaredDeviations, width)
        return self == .d1 ? rank : rank.squareRoot()
      }
    }
  }

  /// A value that orders pairs as the distance does: the distance itself for D1, its square elsewhere.
  @inline(__always)
  func rank(
    _ leftMean: UnsafePointer<Double>, _ leftCount: Double, _ leftDeviations: Double,
    _ rightMean: UnsafePointer<Double>, _ rightCount: Double, _ rightDeviations: Double,
    _ width: Int
  ) -> Double {
    if self == .d1 {
      return VectorArithmetic.manhattanDistance(leftMean, rightMean, width)
    }
    let gap = VectorArithmetic.squaredDistance(leftMean, rightMean, width)
    let total = leftCount + rightCount
    guard leftCount > 0, rightCount > 0 else { return gap }
    switch self {
    case .d0, .d1:
      return gap
    case .d2:
      return gap + leftDeviations / leftCount + rightDeviations / rightCount
    case .d3:
      let joined = leftDeviations + rightDeviations + gap * leftCount * (rightCount / total)
      return ClusteringFeature.squaredDiameter(total, joined)
    case .d4:
      return gap * leftCount * (rightCount / total)
    case .pooled:
      let squares =
        leftDeviations + leftCount * VectorArithmetic.squaredNorm(leftMean, width)
        + rightDeviations + rightCount * VectorArithmetic.squaredNorm(rightMean, width)
      return gap + squares / total
    }
  }
}
