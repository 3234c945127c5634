/// How found kinds agree with true ones: all measures of one contingency table.
struct KindReport {
  let table: ContingencyTable

  /// - Parameters:
  ///   - truth: the true kind of each unit.
  ///   - found: the found kind of each unit.
  ///   - join: true kinds that are read as one. Found kinds whose majority is any of them are read as
  ///     one too, so that parting what the truth joins is not held against them.
  init(truth: [String], found: [String], weights: [Double]? = nil, join: [[String]] = []) {
    let apart = ContingencyTable(truth: truth, found: found, weights: weights)
    guard !join.isEmpty else {
      table = apart
      return
    }
    var classes: [String: String] = [:]
    for group in join {
      for kind in group { classes[kind] = group.joined(separator: "+") }
    }
    var clusters: [String: String] = [:]
    for (cluster, majority) in zip(apart.clusters, apart.majorityClasses) {
      clusters[cluster] = classes[majority].map { "\($0) (joined)" } ?? cluster
    }
    table = ContingencyTable(
      truth: truth.map { classes[$0] ?? $0 }, found: found.map { clusters[$0] ?? $0 },
      weights: weights)
  }

  /// The measures by name.
  static let measures: [(name: String, value: @Sendable (ContingencyTable) -> Double)] = [
    ("ari", { $0.adjustedRandIndex }), ("nmi", { $0.normalizedMutualInformation }),
    ("v_measure", { $0.vMeasure }), ("homogeneity", { $0.homogeneity }),
    ("completeness", { $0.completeness }), ("purity", { $0.purity }),
    ("macro_f1_one_to_one", { $0.macroF1OneToOne }), ("macro_f1_majority", { $0.macroF1Majority }),
  ]

  /// Numbers of kinds and every measure.
  var json: JSONObject {
    var object: JSONObject = [
      "found": .integer(Int64(table.clusters.count)), "true": .integer(Int64(table.classes.count)),
      "scored": .integer(Int64(table.total)),
    ]
    for measure in Self.measures { object[measure.name] = .number(rounded(measure.value(table))) }
    return object
  }

  /// The 95 % interval of every measure under resampling of units: `[low, high]`.
  func intervals(resamples: Int) -> JSONObject {
    let cells = table.classes.indices.flatMap { c in
      table.clusters.indices.filter { table.counts[c][$0] > 0 }.map { (c: c, k: $0) }
    }
    var bootstrap = Bootstrap(weights: cells.map { table.counts[$0.c][$0.k] })
    let tables = (0..<resamples).map { _ in
      ContingencyTable(
        truth: cells.map { table.classes[$0.c] }, found: cells.map { table.clusters[$0.k] },
        weights: bootstrap.next())
    }
    var object = JSONObject()
    for measure in Self.measures {
      object[measure.name] = Bootstrap.interval(tables.map(measure.value))
    }
    return object
  }
}
