/// The figures of an evaluation by name, for the table and the CSV file.
struct EvaluationFigures {
  /// A figure over all units, over distinct ones and with kinds joined, as far as it has these.
  struct Row {
    var name: String
    var title: String
    var all: Double?
    var interval: [Double]?
    var distinct: Double?
    var joined: Double?
    var isShare = false
  }

  let detection: [Row]
  let kinds: [Row]
  private let baselines: [EvaluationDocument.Baseline]
  private let prefixes: [EvaluationDocument.Prefixes.Point]

  init(_ evaluation: EvaluationDocument) {
    detection = evaluation.detection.map(Self.rows) ?? []
    kinds = evaluation.kinds.map(Self.rows) ?? []
    baselines = evaluation.baselines ?? []
    prefixes = evaluation.prefixes?.points ?? []
  }

  private static func rows(_ detection: EvaluationDocument.Detection) -> [Row] {
    func row(
      _ name: String, _ title: String, isShare: Bool = false,
      _ value: (EvaluationDocument.Detected) -> Double?
    ) -> Row {
      Row(
        name: name, title: title, all: value(detection.all),
        interval: detection.intervals?[name] ?? nil, distinct: detection.distinct.flatMap(value),
        isShare: isShare)
    }
    return [
      row("precision", "precision") { $0.precision }, row("recall", "recall") { $0.recall },
      row("f1", "F1") { $0.f1 },
      row("false_positive_rate", "false-positive rate", isShare: true) { $0.falsePositiveRate },
      row("auc", "AUC") { $0.auc },
    ]
  }

  private static func rows(_ kinds: EvaluationDocument.Kinds) -> [Row] {
    func row(
      _ name: String, _ title: String, _ value: (EvaluationDocument.Agreement) -> Double?
    ) -> Row {
      Row(
        name: name, title: title, all: value(kinds.all), interval: kinds.intervals?[name] ?? nil,
        distinct: kinds.distinct.flatMap(value), joined: kinds.joined.flatMap(value))
    }
    return [
      row("ari", "adjusted Rand index") { $0.ari },
      row("nmi", "normalised mutual information") { $0.nmi },
      row("v_measure", "V-measure") { $0.vMeasure },
      row("homogeneity", "homogeneity") { $0.homogeneity },
      row("completeness", "completeness") { $0.completeness },
      row("purity", "purity") { $0.purity },
      row("macro_f1_one_to_one", "macro-F1, one to one") { $0.macroF1OneToOne },
      row("macro_f1_majority", "macro-F1, by majority") { $0.macroF1Majority },
    ]
  }

  /// Lines of `group,figure,value,low,high`; without an interval its two fields are empty.
  var csv: String {
    var lines = ["group,figure,value,low,high"]
    func add(_ group: String, _ name: String, _ value: Double?, _ interval: [Double]? = nil) {
      guard let value else { return }
      let bounds = interval.flatMap { $0.count == 2 ? "\($0[0]),\($0[1])" : nil } ?? ","
      lines.append("\(group),\(name),\(value),\(bounds)")
    }
    for (group, rows) in [("detection", detection), ("kinds", kinds)] {
      for row in rows { add(group, row.name, row.all, row.interval) }
      for row in rows { add("\(group) over distinct units", row.name, row.distinct) }
      for row in rows { add("\(group) joined", row.name, row.joined) }
    }
    for baseline in baselines {
      let group = "baseline \(baseline.name)"
      add(group, "precision", baseline.detected.precision)
      add(group, "recall", baseline.detected.recall)
      add(group, "f1", baseline.detected.f1)
      add(group, "false_positive_rate", baseline.detected.falsePositiveRate)
      add(group, "auc", baseline.detected.auc)
    }
    for point in prefixes {
      let group = "first \(Numbers.percent(point.share)) of events"
      add(group, "found", point.found)
      add(group, "agreement", point.agreement)
      add(group, "unknown", point.unknown)
      add(group, "calibration_error", point.calibrationError)
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
