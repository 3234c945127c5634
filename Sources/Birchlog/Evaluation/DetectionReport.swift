/// How well anomalous units are told from normal ones.
public struct DetectionReport: Sendable, Equatable {
  /// Anomalous units that were called so.
  public private(set) var truePositives = 0
  /// Normal units that were called anomalous.
  public private(set) var falsePositives = 0
  /// Normal units that were called so.
  public private(set) var trueNegatives = 0
  /// Anomalous units that were called normal.
  public private(set) var falseNegatives = 0
  /// Area under the ROC curve: the chance that an anomalous unit scores higher than a normal one,
  /// ties counting half. NaN where one of both is missing.
  public let areaUnderCurve: Double

  /// Counts verdicts.
  ///
  /// - Parameter units: for each unit whether it is anomalous, whether it was called so, and its
  ///   score; one that is not a number ranks lowest.
  public init(_ units: [(truth: Bool, answer: Bool, score: Double)]) {
    areaUnderCurve = Self.area(units.map { ($0.truth, $0.score.isNaN ? -.infinity : $0.score) })
    for unit in units {
      switch (unit.truth, unit.answer) {
      case (true, true): truePositives += 1
      case (false, true): falsePositives += 1
      case (false, false): trueNegatives += 1
      case (true, false): falseNegatives += 1
      }
    }
  }

  /// Share of the units called anomalous that are; 0 where none was.
  public var precision: Double { Self.ratio(truePositives, truePositives + falsePositives) }

  /// Share of the anomalous units that were called so; 0 where there is none.
  public var recall: Double { Self.ratio(truePositives, truePositives + falseNegatives) }

  /// Share of the normal units that were called anomalous; 0 where there is none.
  public var falsePositiveRate: Double {
    Self.ratio(falsePositives, falsePositives + trueNegatives)
  }

  /// The harmonic mean of precision and recall; 0 where both are.
  public var f1: Double {
    Self.ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives)
  }

  private static func ratio(_ part: Int, _ whole: Int) -> Double {
    whole > 0 ? Double(part) / Double(whole) : 0
  }

  /// Mann and Whitney's statistic from mean ranks. O(n log n).
  private static func area(_ units: [(truth: Bool, score: Double)]) -> Double {
    let sorted = units.sorted { $0.score < $1.score }
    var rankSum = 0.0
    var positives = 0.0
    var start = 0
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count, sorted[end].score == sorted[start].score { end += 1 }
      let meanRank = Double(start + end + 1) / 2
      for unit in sorted[start..<end] where unit.truth {
        rankSum += meanRank
        positives += 1
      }
      start = end
    }
    let negatives = Double(units.count) - positives
    guard positives > 0, negatives > 0 else { return .nan }
    return (rankSum - positives * (positives + 1) / 2) / (positives * negatives)
  }
}
