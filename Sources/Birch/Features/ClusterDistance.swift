import SIMDKernels

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
    let a = [left.count, left.squaredDeviations] + left.mean
    let b = [right.count, right.squaredDeviations] + right.mean
    return a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        guard let a = a.baseAddress, let b = b.baseAddress else { return 0 }
        let rank = rank(a, b, left.dimension, pointWeight: 1)
        return self == .d1 ? rank : rank.squareRoot()
      }
    }
  }

  /// How the kernels know this distance; `nil` for one that is no function of weights, deviations and
  /// the squared distance of the means alone.
  var kernelRank: Int32? {
    switch self {
    case .d0: SIMD_RANK_CENTROID
    case .d2: SIMD_RANK_INTER
    case .d3: SIMD_RANK_INTRA
    case .d4: SIMD_RANK_INCREASE
    case .d1, .pooled: nil
    }
  }

  /// A value that orders pairs of rows `[weight, squaredDeviations, mean…]` as the distance does: the
  /// distance itself for D1, its square elsewhere. `pointWeight` is the weight of one point.
  @inline(__always)
  func rank(
    _ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>, _ width: Int,
    pointWeight: Double
  ) -> Double {
    if self == .d1 {
      return VectorArithmetic.manhattanDistance(left + 2, right + 2, width)
    }
    let gap = VectorArithmetic.squaredDistance(left + 2, right + 2, width)
    guard left[0] > 0, right[0] > 0 else { return gap }
    guard let rank = kernelRank else {
      let squares =
        left[1] + left[0] * VectorArithmetic.squaredNorm(left + 2, width)
        + right[1] + right[0] * VectorArithmetic.squaredNorm(right + 2, width)
      return gap + squares / (left[0] + right[0])
    }
    return simd_rank_offset(rank, left[0], left[1], right[0], right[1], pointWeight)
      + simd_rank_factor(rank, left[0], right[0], pointWeight) * gap
  }
}
