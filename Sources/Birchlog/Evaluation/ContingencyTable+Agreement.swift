import Glibc

/// Measures that compare two partitions and need no reading of one in terms of the other.
extension ContingencyTable {
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

  /// Share of the clusters' entropy that the classes explain: 1 when each class lies in one
  /// cluster.
  public var completeness: Double {
    let entropy = Self.entropy(clusterSizes)
    return entropy > 0 ? mutualInformation / entropy : 1
  }

  /// The harmonic mean of homogeneity and completeness (Rosenberg and Hirschberg 2007).
  public var vMeasure: Double {
    let (homogeneity, completeness) = (homogeneity, completeness)
    let sum = homogeneity + completeness
    return sum > 0 ? 2 * homogeneity * completeness / sum : 0
  }

  /// Mutual information over the arithmetic mean of both entropies.
  public var normalizedMutualInformation: Double {
    let mean = (Self.entropy(classSizes) + Self.entropy(clusterSizes)) / 2
    return mean > 0 ? mutualInformation / mean : 1
  }

  /// Share of units that belong to their cluster's majority class; 0 for no units.
  public var purity: Double {
    let majority = clusters.indices.reduce(0) { sum, k in sum + (counts.map { $0[k] }.max() ?? 0) }
    return total > 0 ? majority / total : 0
  }

  /// In nats; never below 0, where rounding would put it for independent partitions.
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
