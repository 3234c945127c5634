import Birch

/// Measures that read each found cluster as a true class.
extension ContingencyTable {
  /// Mean F1 over classes when every cluster is read as its majority class.
  public var macroF1Majority: Double {
    let majority = majorityClasses
    let rows = scores { index in clusters.indices.filter { majority[$0] == classes[index] } }
    return rows.isEmpty ? 0 : rows.reduce(0) { $0 + $1.f1 } / Double(rows.count)
  }

  /// Mean F1 over classes when each class is given at most one cluster, so that their F1s sum up to
  /// the most.
  ///
  /// A class that goes without a cluster counts 0.
  public var macroF1OneToOne: Double {
    let (own, sizes) = (classSizes, clusterSizes)
    let f1 = classes.indices.map { c in
      clusters.indices.map { k in
        counts[c][k] > 0 ? 2 * counts[c][k] / (own[c] + sizes[k]) : 0
      }
    }
    let assignment = optimalAssignment(cost: f1.map { $0.map { -$0 } })
    let sum = zip(f1, assignment).reduce(0) { sum, pair in
      sum + (pair.1.map { pair.0[$0] } ?? 0)
    }
    return classes.isEmpty ? 0 : sum / Double(classes.count)
  }

  /// Precision, recall and F1 of each class.
  ///
  /// - Parameter clusters: the clusters that are read as the class of an index.
  func scores(_ clusters: (Int) -> [Int]) -> [ClassificationReport.Row] {
    let (own, sizes) = (classSizes, clusterSizes)
    return classes.indices.map { c in
      let members = clusters(c)
      return ClassificationReport.Row(
        label: classes[c], hit: members.reduce(0) { $0 + counts[c][$1] },
        answered: members.reduce(0) { $0 + sizes[$1] }, support: own[c])
    }
  }
}
