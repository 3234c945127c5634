import Birch

extension KindCount {
  /// Merges kinds that the dendrogram left apart: the closest two that are one kind by
  /// ``areOne(_:_:height:)``, again and again.
  ///
  /// A group that may not join its neighbour stays apart from everything further up in a dendrogram; it
  /// may still be one with the kind next to that. O(kinds²) for each merge.
  static func mergeClosest(
    _ labels: [Int], entries: [ClusteringFeature], groups: [TellTales.Group]
  ) -> [Int] {
    var kinds: [(feature: ClusteringFeature, group: TellTales.Group)] = []
    for (index, label) in labels.enumerated() {
      if label == kinds.count {
        kinds.append((entries[index], groups[index]))
      } else {
        kinds[label].feature.merge(entries[index])
        kinds[label].group.add(groups[index])
      }
    }
    /// Of each kind the distances of those before it; infinite where two are not one kind.
    var heights = kinds.indices.map { kind in (0..<kind).map { height(kinds[kind], kinds[$0]) } }
    var target = Array(kinds.indices)
    while true {
      var best = (height: Double.infinity, left: 0, right: 0)
      for right in kinds.indices {
        for left in 0..<right where heights[right][left] < best.height {
          best = (heights[right][left], left, right)
        }
      }
      guard best.height.isFinite else { break }
      kinds[best.left].feature.merge(kinds[best.right].feature)
      kinds[best.left].group.add(kinds[best.right].group)
      for index in target.indices where target[index] == best.right { target[index] = best.left }
      for other in kinds.indices where other != best.left && other != best.right {
        heights[max(other, best.right)][min(other, best.right)] = .infinity
        guard target[other] == other else { continue }
        heights[max(other, best.left)][min(other, best.left)] = height(
          kinds[best.left], kinds[other])
      }
      heights[best.right][best.left] = .infinity
    }
    var numbers: [Int: Int] = [:]
    return labels.map { label in
      let top = target[label]
      if let number = numbers[top] { return number }
      numbers[top] = numbers.count
      return numbers.count - 1
    }
  }

  private static func height(
    _ left: (feature: ClusteringFeature, group: TellTales.Group),
    _ right: (feature: ClusteringFeature, group: TellTales.Group)
  ) -> Double {
    let height = ClusterDistance.d2.distance(left.feature, right.feature)
    return areOne(left.group, right.group, height: height) ? height : .infinity
  }
}
