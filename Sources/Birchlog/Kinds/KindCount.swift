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
  /// Random subsets by which the stability of each number of kinds is measured.
  private static let shuffles = 5

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
      curve: try curve(dendrogram, entries: entries, seed: options.seed))
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
    _ dendrogram: Dendrogram, entries: [ClusteringFeature], seed: UInt64
  ) throws(BirchError) -> [ClusteringRecord.Point] {
    try clusterCountCurve(
      dendrogram, entries: entries, range: 1...curveLength, seed: seed, shuffles: shuffles
    ).map {
      .init(
        count: $0.clusterCount, height: $0.height, gap: $0.relativeGap,
        silhouette: $0.simplifiedSilhouette, stability: $0.stability)
    }
  }
}
