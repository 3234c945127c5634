extension DetectionReport {
  /// Counts and measures.
  var json: JSONObject {
    [
      "true_positives": .integer(Int64(truePositives)),
      "false_positives": .integer(Int64(falsePositives)),
      "true_negatives": .integer(Int64(trueNegatives)),
      "false_negatives": .integer(Int64(falseNegatives)),
      "precision": .number(rounded(precision)), "recall": .number(rounded(recall)),
      "f1": .number(rounded(f1)), "false_positive_rate": .number(rounded(falsePositiveRate)),
      "auc": areaUnderCurve.isFinite ? .number(rounded(areaUnderCurve)) : .null,
    ]
  }

  /// Precision and F1 where another share of the units is anomalous, recall and false-positive rate
  /// being the same: scored sets hold more anomalies than logs do.
  func projected(to prevalence: Double) -> JSONObject {
    let hits = recall * prevalence
    let alarms = falsePositiveRate * (1 - prevalence)
    let precision = hits + alarms > 0 ? hits / (hits + alarms) : 0
    let f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
    return [
      "prevalence": .number(rounded(prevalence)), "precision": .number(rounded(precision)),
      "recall": .number(rounded(recall)), "f1": .number(rounded(f1)),
    ]
  }

  /// The 95 % intervals under resampling of units.
  func intervals(resamples: Int) -> JSONObject {
    var bootstrap = Bootstrap(
      weights: [truePositives, falsePositives, trueNegatives, falseNegatives].map(Double.init))
    var values: [(precision: Double, recall: Double, f1: Double, rate: Double)] = []
    func ratio(_ part: Double, _ whole: Double) -> Double { whole > 0 ? part / whole : .nan }
    for _ in 0..<resamples {
      let drawn = bootstrap.next()
      let (hit, alarm, quiet, missed) = (drawn[0], drawn[1], drawn[2], drawn[3])
      values.append(
        (
          ratio(hit, hit + alarm), ratio(hit, hit + missed),
          ratio(2 * hit, 2 * hit + alarm + missed), ratio(alarm, alarm + quiet)
        ))
    }
    return [
      "precision": Bootstrap.interval(values.map(\.precision)),
      "recall": Bootstrap.interval(values.map(\.recall)),
      "f1": Bootstrap.interval(values.map(\.f1)),
      "false_positive_rate": Bootstrap.interval(values.map(\.rate)),
    ]
  }
}
