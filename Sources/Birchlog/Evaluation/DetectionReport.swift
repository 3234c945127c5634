/// How well anomalous units are told from normal ones.
public struct DetectionReport: Sendable, Equatable {
  public var truePositives = 0
  public var falsePositives = 0
  public var trueNegatives = 0
  public var falseNegatives = 0
  /// Area under the ROC curve: the chance that an anomalous unit scores higher than a normal one, ties counting half. NaN
  /// where one of both is missing.
  public var areaUnderCurve: Double

  /// - Parameter units: for each unit whether it is anomalous, whether it was called so, and its score.
  public init(_ units: [(truth: Bool, answer: Bool, score: Double)]) {
    for unit in units {
      switch (unit.truth, unit.answer) {
      case (true, true): truePositives += 1
      case (false, true): falsePositives += 1
      case (false, false): trueNegatives += 1
      case (true, false): falseNegatives += 1
      }
    }
    areaUnderCurve = 0
    areaUnderCurve = Self.area(units)
  }

  public var precision: Double { Self.ratio(truePositives, truePositives + falsePositives) }
  public var recall: Double { Self.ratio(truePositives, truePositives + falseNegatives) }
  public var falsePositiveRate: Double { Self.ratio(falsePositives, falsePositives + trueNegatives) }
  public var f1: Double { Self.ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives) }

  private static func ratio(_ part: Int, _ whole: Int) -> Double {
    whole > 0 ? Double(part) / Double(whole) : 0
  }

  /// Mann and Whitney's statistic from mean ranks.
  private static func area(_ units: [(truth: Bool, answer: Bool, score: Double)]) -> Double {
    let sorted = units.sorted { $0.score < $1.score }
    var rankSum = 0.0
    var positives = 0.0
    var start = 0
    while start < sorted.count {
      var end = start
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
