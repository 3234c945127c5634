/// What speaks for one number of clusters.
public struct ClusterCountPoint: Sendable, Equatable {
  /// The number of clusters.
  public var clusterCount: Int
  /// The height of the last merge done to get there; where every entry stands alone, the largest root
  /// mean square distance between two points of one entry.
  public var height: Double
  /// How far the next merge would have to reach beyond it: (next − height) / next, 0 to 1; 0 for one
  /// cluster, after which nothing is left to merge, and where single points stand alone.
  public var relativeGap: Double
  /// The simplified silhouette, −1 to 1.
  public var simplifiedSilhouette: Double
  /// The mean adjusted Rand index between this partition and those of random subsets of the entries,
  /// on what they share; at most 1, and 0 where nothing was drawn.
  public var stability: Double
  /// What a `ClusterEvidence` said about the two clusters that the next merge would join, 0 to 1;
  /// `nil` where nobody was asked or there is no next merge.
  public var evidence: Double?

  /// Gap, silhouette and stability, each from 0 to 1, added up; times the evidence, where there is
  /// any.
  public var score: Double {
    (relativeGap + max(0, simplifiedSilhouette) + max(0, stability)) * (evidence ?? 1)
  }
}

/// Says from what the caller knows about the entries, and the features do not hold, how sure it is that
/// two groups of entries, given by their numbers, are different: 0 (alike) to 1.
public typealias ClusterEvidence = (_ left: [Int], _ right: [Int]) -> Double

/// The figures for every number of clusters in `range` that the entries allow, and for the
/// `further` larger numbers, up to `ClusterCountLimits.largest`, with the widest relative gaps of at least
/// `ClusterCountLimits.wideGap`; ascending.
///
/// Stability clusters `shuffles` random subsets of four fifths of the entries (at most
/// `ClusterCountLimits.subset` each), drawn from `seed`, by the dendrogram's linkage. Throws where the
/// dendrogram is not one of these entries. O(range × entries × clusters × dimension), and the cost of
/// agglomerating each subset. `evidence` is asked once for each number of clusters.
public func clusterCountCurve(
  _ dendrogram: Dendrogram, entries: [ClusteringFeature], range: ClosedRange<Int> = 1...40,
  seed: UInt64 = 0, shuffles: Int = 5, further: Int = 0,
  evidence: ClusterEvidence? = nil
) throws(BirchError) -> [ClusterCountPoint] {
  try FeatureCheck.entries(entries)
  try FeatureCheck.length("entries", entries.count, dendrogram.leafCount)
  let first = max(1, range.lowerBound)
  let last = min(range.upperBound, entries.count)
  guard first <= last else { return [] }

  let subsets = try drawSubsets(dendrogram, entries, seed: seed, count: shuffles)
  var curve: [ClusterCountPoint] = []
  let spread = entries.reduce(0) { max($0, (2 * $1.squaredDeviations / $1.count).squareRoot()) }
  let counts = Array(first...last) + furtherCounts(dendrogram, further, above: last)
  for clusterCount in counts {
    let labels = dendrogram.labels(clusterCount: clusterCount)
    let done = entries.count - clusterCount
    let height = done > 0 ? dendrogram.merges[done - 1].height : spread
    let next = done < dendrogram.merges.count ? dendrogram.merges[done].height : 0
    let hasGap = next > 0 && (done > 0 || height > 0)
    curve.append(
      ClusterCountPoint(
        clusterCount: clusterCount, height: height,
        relativeGap: hasGap ? max(0, (next - height) / next) : 0,
        simplifiedSilhouette: try simplifiedSilhouette(entries, labels: labels),
        stability: agreement(of: labels, with: subsets),
        evidence: evidence.flatMap { ask in
          dendrogram.pair(joinedAt: clusterCount).map {
            min(max(ask($0.left, $0.right), 0), 1)
          }
        }))
  }
  return curve
}

/// The number of clusters with the highest score; the smaller of equals, `nil` for an empty curve.
///
/// One cluster is always stable and has neither gap nor silhouette: it is chosen only where it is the
/// only candidate.
public func chooseClusterCount(_ curve: [ClusterCountPoint]) -> Int? {
  var best: ClusterCountPoint?
  for point in curve where point.clusterCount > 1 && point.score > (best?.score ?? -1) {
    best = point
  }
  return best?.clusterCount ?? curve.first?.clusterCount
}

/// Bounds of the search for a number of clusters.
public enum ClusterCountLimits {
  /// The most entries of a subset whose clustering is compared with that of all entries.
  public static let subset = 1000
  /// The least relative gap for which a number beyond the range is looked at: the next merge reaches
  /// twice as far. Values that repeat make silhouettes of many tiny clusters look good without it.
  public static let wideGap = 0.5
  /// How high that next merge must be, as a share of the last one: gaps between nearly equal points
  /// say nothing about clusters.
  public static let wideGapHeight = 0.1
  /// The largest number of clusters that is looked at.
  public static let largest = 512
}

/// The numbers of clusters above `last` with the widest relative gaps, ascending.
private func furtherCounts(
  _ dendrogram: Dendrogram, _ further: Int, above last: Int
) -> [Int] {
  let highest = min(ClusterCountLimits.largest, dendrogram.leafCount - 1)
  guard further > 0, last < highest else { return [] }
  let gaps = ((last + 1)...highest).map { count -> (count: Int, gap: Double, next: Double) in
    let done = dendrogram.leafCount - count
    let height = dendrogram.merges[done - 1].height
    let next = dendrogram.merges[done].height
    return (count, next > 0 ? (next - height) / next : 0, next)
  }
  let least = ClusterCountLimits.wideGapHeight * (dendrogram.merges.last?.height ?? 0)
  return gaps.filter { $0.gap >= ClusterCountLimits.wideGap && $0.next >= least }.sorted {
    ($1.gap, $0.count) < ($0.gap, $1.count)
  }
  .prefix(max(0, further)).map(\.count).sorted()
}

private struct Subset {
  var members: [Int]
  var dendrogram: Dendrogram
}

private func drawSubsets(
  _ dendrogram: Dendrogram, _ entries: [ClusteringFeature], seed: UInt64, count: Int
) throws(BirchError) -> [Subset] {
  var generator = SeededGenerator(seed: seed)
  let size = min(entries.count * 4 / 5, ClusterCountLimits.subset)
  guard size > 1 else { return [] }
  var subsets: [Subset] = []
  for _ in 0..<max(0, count) {
    let members = generator.sample(size, of: entries.count)
    let part = try agglomerate(members.map { entries[$0] }, linkage: dendrogram.linkage)
    subsets.append(Subset(members: members, dendrogram: part))
  }
  return subsets
}

private func agreement(of labels: [Int], with subsets: [Subset]) -> Double {
  guard !subsets.isEmpty else { return 0 }
  var sum = 0.0
  for subset in subsets {
    let whole = subset.members.map { labels[$0] }
    // A subset may have missed whole clusters: it is cut into as many as it holds.
    let present = Set(whole).count
    let part = subset.dendrogram.labels(clusterCount: present)
    sum += Labels.adjustedRandIndex(whole, part)
  }
  return sum / Double(subsets.count)
}
