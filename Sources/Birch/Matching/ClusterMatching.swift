/// How the clusters of a new clustering continue those of an old one.
public struct ClusterMatching: Sendable, Equatable {
  /// An old cluster that goes on as a new one.
  public struct Match: Sendable, Equatable {
    public var old: Int
    public var new: Int
    /// The distance of the centroids.
    public var distance: Double
  }

  /// One cluster on one side that became several on the other.
  public struct Division: Sendable, Equatable {
    /// The single cluster: the old one of a split, the new one of a merge.
    public var whole: Int
    /// The parts on the other side, ascending, its own match among them.
    public var parts: [Int]
  }

  /// The pairs whose identity carries over, by old number.
  public var matches: [Match] = []
  /// Old clusters of which several new ones are parts.
  public var splits: [Division] = []
  /// New clusters that several old ones went into.
  public var merges: [Division] = []
  /// Old clusters that nothing continues, ascending.
  public var retired: [Int] = []
  /// New clusters that continue nothing, ascending.
  public var born: [Int] = []
}

/// Carries identities from an old clustering over to a new one.
///
/// Pairs are chosen by optimal assignment on centroid distance, an unmatched cluster costing
/// `maximumDistance`: an exact continuation is not given up for two loose ones. A new cluster that
/// found no partner but lies within `maximumDistance` plus the radius of an old one is a part of
/// that old cluster (a split); the same from old to new is a merge. `penalty`, `[old][new]`, is
/// added to the distances, for evidence that centroids do not hold. Throws where dimensions differ
/// or the limit is negative.
public func matchClusters(
  old: [ClusteringFeature], new: [ClusteringFeature], maximumDistance: Double,
  penalty: [[Double]]? = nil
) throws(BirchError) -> ClusterMatching {
  try FeatureCheck.entries(old + new)
  guard maximumDistance >= 0 else {
    throw .invalidOption(name: "maximumDistance", reason: "must be at least 0")
  }
  if let penalty {
    try FeatureCheck.length("penalty rows", penalty.count, old.count)
    for row in penalty { try FeatureCheck.length("penalties", row.count, new.count) }
  }
  let distances = old.map { before in new.map { ClusterDistance.d0.distance(before, $0) } }
  func cost(_ before: Int, _ after: Int) -> Double {
    distances[before][after] + (penalty?[before][after] ?? 0)
  }

  var matching = ClusterMatching()
  // Clipped: with a cell at the limit the assignment says "no partner".
  let clipped = old.indices.map { before in
    new.indices.map { after -> Double in
      let value = cost(before, after)
      return value <= maximumDistance ? value : max(maximumDistance, 1e-300) * 1.001
    }
  }
  var partner = [Int?](repeating: nil, count: new.count)
  var continued = [Int?](repeating: nil, count: old.count)
  for (before, after) in optimalAssignment(cost: clipped).enumerated() {
    guard let after, cost(before, after) <= maximumDistance else { continue }
    matching.matches.append(.init(old: before, new: after, distance: distances[before][after]))
    partner[after] = before
    continued[before] = after
  }

  /// The whole nearest to an unmatched part, if the part lies within its reach.
  func whole(_ wholes: [ClusteringFeature], _ value: (Int) -> Double) -> Int? {
    let reached = wholes.indices.filter { value($0) <= maximumDistance + wholes[$0].radius }
    return reached.min { value($0) < value($1) }
  }
  var parts = [[Int]](repeating: [], count: old.count)
  for after in new.indices where partner[after] == nil {
    if let before = whole(old, { cost($0, after) }) {
      parts[before].append(after)
    } else {
      matching.born.append(after)
    }
  }
  var sources = [[Int]](repeating: [], count: new.count)
  for before in old.indices where continued[before] == nil && parts[before].isEmpty {
    if let after = whole(new, { cost(before, $0) }) {
      sources[after].append(before)
    } else {
      matching.retired.append(before)
    }
  }
  for (before, found) in parts.enumerated() where !found.isEmpty {
    let all = (found + [continued[before]].compactMap { $0 }).sorted()
    matching.splits.append(.init(whole: before, parts: all))
  }
  for (after, found) in sources.enumerated() where !found.isEmpty {
    let all = (found + [partner[after]].compactMap { $0 }).sorted()
    matching.merges.append(.init(whole: after, parts: all))
  }
  return matching
}
