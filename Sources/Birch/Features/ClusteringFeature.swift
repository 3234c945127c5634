/// The summary of a set of weighted points: weight, mean and sum of squared deviations.
///
/// This is the feature of BETULA (Lang & Schubert 2020). The triple (N, LS, SS) of Zhang,
/// Ramakrishnan & Livny 1996 is derived from it, because a variance computed from SS and LS cancels
/// as soon as the data lie far from the origin.
public struct ClusteringFeature: Sendable, Equatable {
  /// The total weight of the points: their number where every point weighs 1.
  public private(set) var count: Double
  /// The weighted mean, `[dimension]`.
  public private(set) var mean: [Double]
  /// The weighted sum of squared Euclidean distances from the mean.
  public private(set) var squaredDeviations: Double

  /// An empty feature of `dimension` columns.
  public init(dimension: Int) {
    count = 0
    mean = [Double](repeating: 0, count: max(0, dimension))
    squaredDeviations = 0
  }

  /// The feature of one point, or of `weight` equal points.
  public init(point: [Double], weight: Double = 1) throws(BirchError) {
    try FeatureCheck.point(point)
    try FeatureCheck.weight(weight)
    count = weight
    mean = point
    squaredDeviations = 0
  }

  /// A feature from its three parts.
  public init(count: Double, mean: [Double], squaredDeviations: Double) throws(BirchError) {
    try FeatureCheck.point(mean)
    try FeatureCheck.weight(count)
    guard squaredDeviations >= 0, squaredDeviations.isFinite else {
      throw .invalidDeviations(squaredDeviations)
    }
    self.init(uncheckedCount: count, mean: mean, squaredDeviations: squaredDeviations)
  }

  init(uncheckedCount count: Double, mean: [Double], squaredDeviations: Double) {
    self.count = count
    self.mean = mean
    self.squaredDeviations = squaredDeviations
  }

  /// The number of columns.
  public var dimension: Int { mean.count }

  /// Adds one point, or `weight` equal points.
  public mutating func add(_ point: [Double], weight: Double = 1) throws(BirchError) {
    merge(try ClusteringFeature(point: point, weight: weight, like: self))
  }

  /// Adds the points of another feature. An empty feature, or one of another dimension, adds nothing.
  ///
  /// Pairwise update of Chan, Golub & LeVeque 1979, BETULA equations 5 to 7.
  public mutating func merge(_ other: ClusteringFeature) {
    guard other.count > 0, other.dimension == dimension else { return }
    guard count > 0 else {
      self = other
      return
    }
    let total = count + other.count
    let fraction = other.count / total
    let width = mean.count
    var gap = 0.0
    other.mean.withUnsafeBufferPointer { target in
      mean.withUnsafeMutableBufferPointer { own in
        guard let own = own.baseAddress, let target = target.baseAddress else { return }
        gap = VectorArithmetic.squaredDistance(own, target, width)
        VectorArithmetic.move(own, towards: target, by: fraction, width)
      }
    }
    squaredDeviations += other.squaredDeviations + gap * count * fraction
    count = total
  }

  /// Multiplies every weight by `factor`, as exponential ageing does. Mean and radius stay.
  ///
  /// The weight never falls below the smallest one allowed, so an aged feature stays a feature.
  /// A factor outside 0 < factor ≤ 1e50 is ignored.
  public mutating func scale(by factor: Double) {
    guard factor > 0, factor <= BirchLimits.weight.upperBound, count > 0 else { return }
    let scaled = Self.clampedWeight(count * factor)
    squaredDeviations *= scaled / count
    count = scaled
  }

  static func clampedWeight(_ weight: Double) -> Double {
    min(max(weight, BirchLimits.weight.lowerBound), BirchLimits.weight.upperBound)
  }

  private init(point: [Double], weight: Double, like other: ClusteringFeature) throws(BirchError) {
    guard point.count == other.dimension else {
      throw .dimensionMismatch(expected: other.dimension, found: point.count)
    }
    try self.init(point: point, weight: weight)
  }
}
