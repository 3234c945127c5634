import Birch

/// How many kinds there are.
enum KindCount {
  struct Choice {
    /// Kind of each leaf entry.
    var labels: [Int]
    var curve: [ClusteringRecord.Point]
  }

  /// Signatures have unit length: two groups farther apart than this share less than the greater part of their direction
  /// (cos < 0.79), which is what tells kinds apart.
  static let cut = 0.65
  /// Numbers of kinds whose figures are reported.
  private static let curveLength = 40

  /// The labels at the given number of kinds, or at the cut; with the figures of the numbers around it.
  static func choose(
    _ dendrogram: Dendrogram, entries: [ClusteringFeature], options: Options
  ) throws(BirchError) -> Choice {
    let count: Int
    switch options.kinds {
    case .exactly(let given): count = min(given, entries.count)
    case .automatic: count = dendrogram.clusterCount(height: cut)
    }
    return Choice(
      labels: dendrogram.labels(clusterCount: max(count, 1)), curve: try curve(dendrogram, entries: entries))
  }

  private static func curve(
    _ dendrogram: Dendrogram, entries: [ClusteringFeature]
  ) throws(BirchError) -> [ClusteringRecord.Point] {
    var points: [ClusteringRecord.Point] = []
    let heights = dendrogram.merges.map(\.height)
    for count in 1...max(1, min(curveLength, entries.count)) {
      // With `count` clusters left, the next merge is this one, and the last one done is that before it.
      let next = heights.count - count + 1
      let height = heights.indices.contains(next) ? heights[next] : 0
      let last = heights.indices.contains(next - 1) ? heights[next - 1] : 0
      points.append(
        .init(
          count: count, height: last, gap: last > 0 ? height / last - 1 : 0,
          silhouette: try simplifiedSilhouette(entries, labels: dendrogram.labels(clusterCount: count)),
          stability: 0))
    }
    return points
  }
}
