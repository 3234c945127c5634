import Birch

/// How many kinds there are.
enum KindCount {
  struct Choice {
    /// Kind of each leaf entry.
    var labels: [Int]
    var curve: [ClusteringRecord.Point]
  }

  /// Where the cut is looked for: signatures have unit length, so that groups less than 0.65 apart
  /// share most of their direction (cos > 0.79), and groups more than 0.85 apart do not (cos <
  /// 0.64).
  private static let band = 0.65...0.85
  /// Numbers of kinds whose figures are reported.
  private static let curveLength = 40

  /// The labels at the given number of kinds, or at the cut; with the figures of the numbers around
  /// it.
  ///
  /// - Parameter others: kinds that are there already and count in a given number.
  static func choose(
    _ dendrogram: Dendrogram, entries: [ClusteringFeature], options: Options,
    besides others: Int
  ) throws(BirchError) -> Choice {
    let count: Int
    switch options.kinds {
    case .exactly(let given): count = min(given - others, entries.count)
    case .automatic: count = mostPersistentCount(dendrogram)
    }
    return Choice(
      labels: dendrogram.labels(clusterCount: max(count, 1)),
      curve: try curve(dendrogram, entries: entries))
  }

  /// The number of kinds that stays the same over the longest stretch of cuts inside the band; the
  /// larger cut of equals.
  private static func mostPersistentCount(_ dendrogram: Dendrogram) -> Int {
    let inside = dendrogram.merges.map(\.height).filter { band.contains($0) }.sorted()
    var best = (length: 0.0, cut: band.lowerBound)
    for (low, high) in zip([band.lowerBound] + inside, inside + [band.upperBound])
    where high - low >= best.length {
      best = (high - low, (low + high) / 2)
    }
    return dendrogram.clusterCount(height: best.cut)
  }

  private static func curve(
    _ dendrogram: Dendrogram, entries: [ClusteringFeature]
  ) throws(BirchError) -> [ClusteringRecord.Point] {
    var points: [ClusteringRecord.Point] = []
    let heights = dendrogram.merges.map(\.height)
    for count in 1...max(1, min(curveLength, entries.count)) {
      // With `count` clusters left, the next merge is this one, and the last one done is that
      // before it.
      let next = heights.count - count + 1
      let height = heights.indices.contains(next) ? heights[next] : 0
      let last = heights.indices.contains(next - 1) ? heights[next - 1] : 0
      points.append(
        .init(
          count: count, height: last, gap: last > 0 ? height / last - 1 : 0,
          silhouette: try simplifiedSilhouette(
            entries, labels: dendrogram.labels(clusterCount: count)),
          stability: 0))
    }
    return points
  }
}
