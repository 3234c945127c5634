/// Verdicts held against the truth.
struct Evaluation {
  /// The verdict on one session.
  struct Unit {
    var session: [UInt8]
    var isAnomalous: Bool
    var score: Double
    var kind: String
  }

  private let sessions: Int
  private let scored: [(unit: Unit, truth: String)]
  private let model: Model
  private let statistics: StreamStatistics

  init(sessions: [Unit], truth: TruthTable, model: Model, statistics: StreamStatistics) {
    self.sessions = sessions.count
    scored = sessions.compactMap { unit in
      truth.kind(of: unit.session).map { (unit: unit, truth: $0) }
    }
    self.model = model
    self.statistics = statistics
  }

  var json: JSONValue {
    .object([
      "units": .integer(Int64(sessions)), "scored": .integer(Int64(scored.count)),
      "without_truth": .integer(Int64(sessions - scored.count)),
      "detection": detection, "kinds": kinds, "classifier": paperTable,
      "statistics": statistics.json,
    ])
  }

  private var detection: JSONValue {
    let report = DetectionReport(
      scored.map {
        (truth: $0.truth != TruthTable.normal, answer: $0.unit.isAnomalous, score: $0.unit.score)
      })
    return .object([
      "true_positives": .integer(Int64(report.truePositives)),
      "false_positives": .integer(Int64(report.falsePositives)),
      "true_negatives": .integer(Int64(report.trueNegatives)),
      "false_negatives": .integer(Int64(report.falseNegatives)),
      "precision": .number(rounded(report.precision)),
      "recall": .number(rounded(report.recall)), "f1": .number(rounded(report.f1)),
      "false_positive_rate": .number(rounded(report.falsePositiveRate)),
      "auc": report.areaUnderCurve.isFinite ? .number(rounded(report.areaUnderCurve)) : .null,
    ])
  }

  /// Kinds over the truly anomalous sessions; those that were missed count under the kind they were
  /// given.
  private var kinds: JSONValue {
    let anomalous = scored.filter { $0.truth != TruthTable.normal }
    let table = ContingencyTable(truth: anomalous.map(\.truth), found: anomalous.map(\.unit.kind))
    let majority = table.majorityClasses
    let rows = table.scores { index in
      table.clusters.indices.filter { majority[$0] == table.classes[index] }
    }
    let confusion: [JSONValue] = table.clusters.indices.map { k in
      var counts = JSONObject()
      for c in table.classes.indices where table.counts[c][k] > 0 {
        counts[table.classes[c]] = .integer(Int64(table.counts[c][k]))
      }
      return .object([
        "kind": .string(table.clusters[k]), "counts": .object(counts),
        "majority": .string(majority[k]),
      ])
    }
    return .object([
      "found": .integer(Int64(table.clusters.count)), "true": .integer(Int64(table.classes.count)),
      "scored": .integer(Int64(anomalous.count)), "ari": .number(rounded(table.adjustedRandIndex)),
      "nmi": .number(rounded(table.normalizedMutualInformation)),
      "v_measure": .number(rounded(table.vMeasure)),
      "homogeneity": .number(rounded(table.homogeneity)),
      "completeness": .number(rounded(table.completeness)),
      "purity": .number(rounded(table.purity)),
      "macro_f1_one_to_one": .number(rounded(table.macroF1OneToOne)),
      "macro_f1_majority": .number(rounded(table.macroF1Majority)), "confusion": .array(confusion),
      "per_true_kind": .array(rows.map(Self.json)),
    ])
  }

  /// The paper's table, over all sessions: each found kind read as the true kind that most of its
  /// sessions have.
  private var paperTable: JSONValue {
    let table = ContingencyTable(truth: scored.map(\.truth), found: scored.map(\.unit.kind))
    let reading = Dictionary(uniqueKeysWithValues: zip(table.clusters, table.majorityClasses))
    let report = ClassificationReport(
      truth: scored.map(\.truth), predicted: scored.map { reading[$0.unit.kind] ?? $0.unit.kind })
    return .object([
      "rows": .array(report.rows.map(Self.json)), "accuracy": .number(rounded(report.accuracy)),
      "balanced_accuracy": .number(rounded(report.balancedAccuracy)),
      "weighted": .object([
        "precision": .number(rounded(report.weighted.precision)),
        "recall": .number(rounded(report.weighted.recall)),
        "f1": .number(rounded(report.weighted.f1)),
      ]),
    ])
  }

  private static func json(_ row: ClassificationReport.Row) -> JSONValue {
    .object([
      "kind": .string(row.label), "precision": .number(rounded(row.precision)),
      "recall": .number(rounded(row.recall)), "f1": .number(rounded(row.f1)),
      "support": .integer(Int64(row.support)),
    ])
  }
}
