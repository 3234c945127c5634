/// How far apart two clusters of entries are, in the global phase.
///
/// Merge heights are lengths, in the units of the data.
public enum Linkage: String, CaseIterable, Sendable {
  /// D2: the root mean square distance over all pairs of points across the two clusters, spread
  /// inside the entries included.
  case average
  /// The mean Euclidean distance over all pairs of entry centroids, weighted (UPGMA as SciPy has it).
  case averageEuclidean
  /// Ward: the root of twice the increase in squared deviations, which for two single points is
  /// their distance.
  case ward
  /// The largest Euclidean distance between entry centroids.
  case complete

  /// Whether two features suffice to compute it; otherwise all pairwise distances are kept.
  var needsOnlyFeatures: Bool { self == .average || self == .ward }

  /// Whether distances are combined as squares.
  var isSquared: Bool { needsOnlyFeatures }
}
