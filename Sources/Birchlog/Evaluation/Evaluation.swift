/// Verdicts held against the truth.
struct Evaluation {
  /// The verdict on one session.
  struct Unit {
    var session: [UInt8]
    var isAnomalous: Bool
    var score: Double
    var kind: String
    /// Equal for sessions of equal events.
    var shape: UInt64 = 0
  }

  private let sessions: Int
  private let scored: [(unit: Unit, truth: String)]
  private let options: EvaluationOptions
  private let statistics: StreamStatistics

  init(
    sessions: [Unit], truth: TruthTable, options: EvaluationOptions, statistics: StreamStatistics
  ) {
    self.sessions = sessions.count
    scored = sessions.compactMap { unit in
      truth.kind(of: unit.session).map { (unit: unit, truth: $0) }
    }
    self.options = options
    self.statistics = statistics
  }

  /// The whole evaluation.
  ///
  /// - Parameter baselines: the same sessions by simpler detectors: name, verdict and score of each
  ///   session by its id.
  func json(
    baselines: [(name: String, verdicts: [[UInt8]: (Bool, Double)])] = [],
    prefixes: PrefixCurve? = nil
  ) -> JSONValue {
    var object: JSONObject = [
      "units": .integer(Int64(sessions)), "scored": .integer(Int64(scored.count)),
      "without_truth": .integer(Int64(sessions - scored.count)),
      "detection": detection, "kinds": kinds, "classifier": paperTable,
    ]
    if !baselines.isEmpty {
      object["baselines"] = .array(
        baselines.map { baseline in
          let report = DetectionReport(
            scored.map { item in
              let verdict = baseline.verdicts[item.unit.session] ?? (false, 0)
              return (item.truth != TruthTable.normal, verdict.0, verdict.1)
            })
          var json: JSONObject = ["name": .string(baseline.name)]
          for (key, value) in report.json.pairs { json[key] = value }
          return .object(json)
        })
    }
    if let prefixes { object["prefixes"] = prefixes.json }
    object["statistics"] = statistics.json
    return .object(object)
  }

  /// One of the sessions that have equal events and an equal truth.
  private var distinct: [(unit: Unit, truth: String)] {
    var seen: [String: Set<UInt64>] = [:]
    return scored.filter { seen[$0.truth, default: []].insert($0.unit.shape).inserted }
  }

  private static func detection(_ units: [(unit: Unit, truth: String)]) -> DetectionReport {
    DetectionReport(
      units.map {
        (truth: $0.truth != TruthTable.normal, answer: $0.unit.isAnomalous, score: $0.unit.score)
      })
  }

  private var detection: JSONValue {
    let report = Self.detection(scored)
    var object = report.json
    if let prevalence = options.prevalence {
      object["projected"] = .object(report.projected(to: prevalence))
    }
    object["distinct"] = .object(Self.detection(distinct).json)
    if options.resamples > 0 {
      object["intervals"] = .object(report.intervals(resamples: options.resamples))
    }
    return .object(object)
  }

  private static func kinds(
    _ units: [(unit: Unit, truth: String)], join: [[String]] = []
  ) -> KindReport {
    let anomalous = units.filter { $0.truth != TruthTable.normal }
    return KindReport(
      truth: anomalous.map(\.truth), found: anomalous.map(\.unit.kind), join: join)
  }

  /// Kinds over the truly anomalous sessions; those that were missed count under the kind they were
  /// given.
  private var kinds: JSONValue {
    let report = Self.kinds(scored)
    let table = report.table
    var object = report.json
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
    object["confusion"] = .array(confusion)
    object["per_true_kind"] = .array(rows.map(Self.json))
    object["distinct"] = .object(Self.kinds(distinct).json)
    if options.resamples > 0 {
      object["intervals"] = .object(report.intervals(resamples: options.resamples))
    }
    if !options.join.isEmpty {
      let joined = Self.kinds(scored, join: options.join)
      var json = joined.json
      json["distinct"] = .object(Self.kinds(distinct, join: options.join).json)
      if options.resamples > 0 {
        json["intervals"] = .object(joined.intervals(resamples: options.resamples))
      }
      object["joined"] = .object(json)
    }
    return .object(object)
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
