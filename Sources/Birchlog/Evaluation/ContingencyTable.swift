import Birch
import Glibc

/// How often each found cluster holds units of each true class, and the agreement measures that follow from it.
public struct ContingencyTable: Sendable, Equatable {
  /// Names of the true classes and of the found clusters, sorted.
  public let classes: [String]
  public let clusters: [String]
  /// Units of class c in cluster k: `counts[c][k]`.
  public private(set) var counts: [[Double]]

  /// - Parameters:
  ///   - truth: the true class of each unit.
  ///   - found: the cluster of each unit; as many as `truth`.
  public init(truth: [String], found: [String]) {
    classes = Set(truth).sorted()
    clusters = Set(found).sorted()
    let row = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    let column = Dictionary(uniqueKeysWithValues: clusters.enumerated().map { ($1, $0) })
    counts = [[Double]](repeating: [Double](repeating: 0, count: clusters.count), count: classes.count)
    for (a, b) in zip(truth, found) {
      if let i = row[a], let j = column[b] { counts[i][j] += 1 }
    }
  }

  public var total: Double { counts.reduce(0) { $0 + $1.reduce(0, +) } }
  var classSizes: [Double] { counts.map { $0.reduce(0, +) } }
  var clusterSizes: [Double] { clusters.indices.map { k in counts.reduce(0) { $0 + $1[k] } } }

  /// The adjusted Rand index (Hubert and Arabie 1985): 1 for equal partitions, about 0 for chance.
  public var adjustedRandIndex: Double {
    func pairs(_ count: Double) -> Double { count * (count - 1) / 2 }
    let all = pairs(total)
    let joint = counts.reduce(0) { $0 + $1.reduce(0) { $0 + pairs($1) } }
    let byClass = classSizes.reduce(0) { $0 + pairs($1) }
    let byCluster = clusterSizes.reduce(0) { $0 + pairs($1) }
    guard all > 0 else { return 1 }
    let expected = byClass * byCluster / all
    let largest = (byClass + byCluster) / 2
    return largest == expected ? 1 : (joint - expected) / (largest - expected)
  }

  /// Share of the classes' entropy that the clusters explain: 1 when each cluster holds one class.
  public var homogeneity: Double {
    let entropy = Self.entropy(classSizes)
    return entropy > 0 ? mutualInformation / entropy : 1
  }

  /// Share of the clusters' entropy that the classes explain: 1 when each class lies in one cluster.
  public var completeness: Double {
    let entropy = Self.entropy(clusterSizes)
    return entropy > 0 ? mutualInformation / entropy : 1
  }

  /// The harmonic mean of homogeneity and completeness (Rosenberg and Hirschberg 2007).
  public var vMeasure: Double {
    let sum = homogeneity + completeness
    return sum > 0 ? 2 * homogeneity * completeness / sum : 0
  }

  /// Mutual information over the mean of both entropies.
  public var normalizedMutualInformation: Double {
    let mean = (Self.entropy(classSizes) + Self.entropy(clusterSizes)) / 2
    return mean > 0 ? mutualInformation / mean : 1
  }

  /// Share of units that belong to their cluster's majority class.
  public var purity: Double {
    let majority = clusters.indices.reduce(0) { sum, k in sum + (counts.map { $0[k] }.max() ?? 0) }
    return total > 0 ? majority / total : 0
  }

  /// The class that most units of each cluster belong to; the first by name of equals.
  public var majorityClasses: [String] {
    clusters.indices.map { k in
      let best = classes.indices.max { counts[$0][k] != counts[$1][k] ? counts[$0][k] < counts[$1][k] : $0 > $1 }
      return best.map { classes[$0] } ?? ""
    }
  }

  /// Mean F1 over classes when every cluster is read as its majority class.
  public var macroF1Majority: Double {
    let majority = majorityClasses
    return macroF1 { index in clusters.indices.filter { majority[$0] == classes[index] } }
  }

  /// Mean F1 over classes when each class is given the one cluster that the optimal assignment (by F1) gives it.
  public var macroF1OneToOne: Double {
    let sizes = clusterSizes
    let own = classSizes
    let scores = classes.indices.map { c in
      clusters.indices.map { k in 2 * counts[c][k] / max(own[c] + sizes[k], 1) }
    }
    let assignment = optimalAssignment(cost: scores.map { $0.map { -$0 } })
    let sum = classes.indices.reduce(0.0) { total, c in
      total + (assignment.indices.contains(c) ? assignment[c].map { scores[c][$0] } ?? 0 : 0)
    }
    return classes.isEmpty ? 0 : sum / Double(classes.count)
  }

  /// Precision, recall and F1 of each class when the clusters `of` it are read as it.
  func scores(_ of: (Int) -> [Int]) -> [ClassificationReport.Row] {
    let sizes = clusterSizes
    let own = classSizes
    return classes.indices.map { c in
      let members = of(c)
      let hit = members.reduce(0) { $0 + counts[c][$1] }
      let answered = members.reduce(0) { $0 + sizes[$1] }
      return ClassificationReport.Row(label: classes[c], hit: hit, answered: answered, support: own[c])
    }
  }

  private func macroF1(_ of: (Int) -> [Int]) -> Double {
    let rows = scores(of)
    return rows.isEmpty ? 0 : rows.reduce(0) { $0 + $1.f1 } / Double(rows.count)
  }

  private var mutualInformation: Double {
    let (rows, columns, all) = (classSizes, clusterSizes, total)
    var sum = 0.0
    for c in classes.indices {
      for k in clusters.indices where counts[c][k] > 0 {
        sum += counts[c][k] / all * log(all * counts[c][k] / (rows[c] * columns[k]))
      }
    }
    return max(sum, 0)
  }

  private static func entropy(_ sizes: [Double]) -> Double {
    let all = sizes.reduce(0, +)
    return sizes.reduce(0) { $1 > 0 ? $0 - $1 / all * log($1 / all) : $0 }
  }
}
