/// The tree of merges that hierarchical clustering makes, lowest first.
public struct Dendrogram: Sendable, Equatable {
  /// One merge. Numbers below `leafCount` are leaves; `leafCount + i` is the result of merge i.
  public struct Merge: Sendable, Equatable {
    /// The lower number of the two.
    public var left: Int
    /// The higher number of the two.
    public var right: Int
    /// The distance at which the two were merged; never falls from one merge to the next.
    public var height: Double
    /// The weight of the union.
    public var weight: Double
  }

  /// The number of entries clustered.
  public let leafCount: Int
  /// The linkage that made it.
  public let linkage: Linkage
  /// `leafCount − 1` merges, by ascending height.
  public let merges: [Merge]

  /// The cluster of every entry when cut into `clusterCount` clusters, numbered by first appearance.
  ///
  /// A count below 1 gives one cluster, a count above the number of entries one for each entry.
  public func labels(clusterCount: Int) -> [Int] {
    let wanted = min(max(1, clusterCount), max(1, leafCount))
    return labels(afterMerges: leafCount - wanted)
  }

  /// The cluster of every entry when only merges up to `height` are carried out, numbered by first
  /// appearance.
  public func labels(height: Double) -> [Int] {
    labels(afterMerges: merges.prefix { $0.height <= height }.count)
  }

  /// The number of clusters that a cut at `height` leaves.
  public func clusterCount(height: Double) -> Int {
    leafCount - merges.prefix { $0.height <= height }.count
  }

  /// The members of the two clusters that become one when `clusterCount` clusters become one fewer;
  /// `nil` where there is nothing left to join.
  public func pair(joinedAt clusterCount: Int) -> (left: [Int], right: [Int])? {
    let done = leafCount - clusterCount
    guard merges.indices.contains(done) else { return nil }
    return (members(of: merges[done].left), members(of: merges[done].right))
  }

  /// The entries under a node, ascending.
  private func members(of node: Int) -> [Int] {
    var found: [Int] = []
    var pending = [node]
    while let next = pending.popLast() {
      if next < leafCount {
        found.append(next)
      } else {
        pending += [merges[next - leafCount].left, merges[next - leafCount].right]
      }
    }
    return found.sorted()
  }

  private func labels(afterMerges count: Int) -> [Int] {
    var forest = DisjointSets(count: leafCount)
    var representative = Array(0..<leafCount)
    for merge in merges.prefix(max(0, count)) {
      let left = representative[merge.left]
      forest.unite(left, representative[merge.right])
      representative.append(left)
    }
    return Labels.numberedByFirstAppearance((0..<leafCount).map { forest.find($0) })
  }
}

extension Dendrogram {
  /// Sorts raw merges, given as pairs of representatives, and names clusters as the public form does.
  ///
  /// `raw` is in an order in which a cluster is made before it is merged again; heights may be out
  /// of order by rounding and are lifted to those of the parts.
  init(
    leafCount: Int, linkage: Linkage, weights: [Double],
    raw: [(left: Int, right: Int, height: Double)]
  ) {
    var reached = [Double](repeating: 0, count: leafCount)
    var lifting = DisjointSets(count: leafCount)
    var ordered: [(position: Int, left: Int, right: Int, height: Double)] = []
    ordered.reserveCapacity(raw.count)
    for (position, merge) in raw.enumerated() {
      let left = lifting.find(merge.left)
      let right = lifting.find(merge.right)
      let height = max(merge.height, reached[left], reached[right])
      reached[lifting.unite(left, right)] = height
      ordered.append((position, merge.left, merge.right, height))
    }
    ordered.sort { ($0.height, $0.position) < ($1.height, $1.position) }

    var forest = DisjointSets(count: leafCount)
    var name = Array(0..<leafCount)
    var weight = weights
    var merges: [Merge] = []
    merges.reserveCapacity(ordered.count)
    for (number, merge) in ordered.enumerated() {
      let left = forest.find(merge.left)
      let right = forest.find(merge.right)
      let total = weight[left] + weight[right]
      merges.append(
        Merge(
          left: min(name[left], name[right]), right: max(name[left], name[right]),
          height: merge.height, weight: total))
      let joined = forest.unite(left, right)
      name[joined] = leafCount + number
      weight[joined] = total
    }
    self.leafCount = leafCount
    self.linkage = linkage
    self.merges = merges
  }
}
