import Birch

/// How many kinds there are.
enum KindCount {
  struct Choice {
    /// Kind of each leaf entry.
    var labels: [Int]
    var curve: [ClusteringRecord.Point]
  }

  /// Groups nearer than this are one kind: signatures have unit length, so that they share most of
  /// their direction (cos > 0.75).
  static let alike = 0.7
  /// Groups farther apart than this are two kinds: they share less than half of it (cos < 0.5).
  static let unlike = 1.0
  /// Numbers of kinds whose figures are reported.
  private static let curveLength = 40
  /// Random subsets by which the stability of each number of kinds is measured.
  private static let shuffles = 5

  /// The labels at the given number of kinds, or by evidence; with the figures of the numbers of
  /// kinds that a plain cut would give.
  ///
  /// - Parameters:
  ///   - groups: what the units of each entry show.
  ///   - others: kinds that are there already and count in a given number.
  static func choose(
    _ dendrogram: Dendrogram, entries: [ClusteringFeature], groups: [TellTales.Group],
    options: Options, besides others: Int
  ) throws(BirchError) -> Choice {
    let labels: [Int]
    switch options.kinds {
    case .exactly(let given):
      labels = dendrogram.labels(clusterCount: max(min(given - others, entries.count), 1))
    case .automatic:
      labels = mergeClosest(
        labelsByEvidence(dendrogram, groups: groups), entries: entries, groups: groups)
    }
    return Choice(
      labels: labels, curve: try curve(dendrogram, entries: entries, seed: options.seed))
  }

  /// Whether two groups are one kind: those that are alike, and those in between unless what they
  /// show tells them apart.
  static func areOne(
    _ left: TellTales.Group, _ right: TellTales.Group, height: Double
  ) -> Bool {
    height < unlike && (height < alike || !left.differs(from: right))
  }

  /// Carries out the merges of groups that are one kind. What stays apart stays apart further up.
  static func labelsByEvidence(_ dendrogram: Dendrogram, groups: [TellTales.Group]) -> [Int] {
    // A node is nil when its parts are kinds of their own.
    var nodes: [TellTales.Group?] = groups
    var parents = [Int?](repeating: nil, count: dendrogram.leafCount + dendrogram.merges.count)
    for (index, merge) in dendrogram.merges.enumerated() {
      guard var left = nodes[merge.left], let right = nodes[merge.right],
        areOne(left, right, height: merge.height)
      else {
        nodes.append(nil)
        continue
      }
      left.add(right)
      nodes.append(left)
      nodes[merge.left] = nil
      nodes[merge.right] = nil
      parents[merge.left] = dendrogram.leafCount + index
      parents[merge.right] = dendrogram.leafCount + index
    }
    var numbers: [Int: Int] = [:]
    return (0..<dendrogram.leafCount).map { leaf in
      var top = leaf
      while let parent = parents[top] { top = parent }
      if let number = numbers[top] { return number }
      numbers[top] = numbers.count
      return numbers.count - 1
    }
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
