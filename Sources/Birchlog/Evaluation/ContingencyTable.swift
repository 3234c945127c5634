/// How often each found cluster holds units of each true class.
public struct ContingencyTable: Sendable, Equatable {
  /// Names of the true classes, k2 before k10.
  public let classes: [String]
  /// Names of the found clusters, in the same order.
  public let clusters: [String]
  /// Units of class c in cluster k: `counts[c][k]`.
  public let counts: [[Double]]

  /// Counts the pairs of class and cluster. O(units log units + classes · clusters).
  ///
  /// - Parameters:
  ///   - truth: the true class of each unit.
  ///   - found: the cluster of each unit; as many as `truth`.
  ///   - weights: how many units each one stands for, 0 or more; 1 each unless told.
  public init(truth: [String], found: [String], weights: [Double]? = nil) {
    classes = Set(truth).sorted(by: KindOrder.precedes)
    clusters = Set(found).sorted(by: KindOrder.precedes)
    let row = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    let column = Dictionary(uniqueKeysWithValues: clusters.enumerated().map { ($1, $0) })
    let empty = [Double](repeating: 0, count: clusters.count)
    var counts = [[Double]](repeating: empty, count: classes.count)
    for index in 0..<min(truth.count, found.count, weights?.count ?? .max) {
      guard let c = row[truth[index]], let k = column[found[index]] else { continue }
      counts[c][k] += weights?[index] ?? 1
    }
    self.counts = counts
  }

  /// Units in the table.
  public var total: Double { classSizes.reduce(0, +) }

  /// Units of each class.
  public var classSizes: [Double] { counts.map { $0.reduce(0, +) } }

  /// Units of each cluster.
  public var clusterSizes: [Double] {
    clusters.indices.map { k in counts.reduce(0) { $0 + $1[k] } }
  }

  /// The class that most units of each cluster belong to; the first by name of equals.
  public var majorityClasses: [String] {
    clusters.indices.map { k in
      let best = classes.indices.max { left, right in
        counts[left][k] != counts[right][k] ? counts[left][k] < counts[right][k] : left > right
      }
      return best.map { classes[$0] } ?? ""
    }
  }
}
