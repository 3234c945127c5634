extension Model {
  /// Classifies files and compares with the truth.
  ///
  /// A window counts for its session: a session is anomalous when one of its windows is, and has
  /// the kind of its highest scoring one.
  public func evaluate(files: [String], truth path: String, options: String?) throws(BirchlogError)
    -> JSONValue
  {
    let truth = try TruthTable(path: path)
    let stream = try LogStream(model: self, options: options)
    var sessions = SessionVerdicts()
    try stream.classify(files: files) { findings in
      for finding in findings { sessions.add(finding) }
      return true
    }
    return Evaluation(
      sessions: sessions.all, truth: truth, model: self, statistics: stream.statistics
    ).json
  }
}

/// One verdict a session, whatever the unit.
private struct SessionVerdicts {
  private(set) var all: [Evaluation.Unit] = []
  private var indices: [[UInt8]: Int] = [:]

  mutating func add(_ finding: Finding) {
    let unit = Evaluation.Unit(
      session: finding.unit.session, isAnomalous: finding.verdict.isAnomalous,
      score: finding.verdict.score,
      kind: finding.kindID)
    guard finding.unit.window != nil, let known = indices[unit.session] else {
      indices[unit.session] = all.count
      all.append(unit)
      return
    }
    let worse =
      unit.isAnomalous == all[known].isAnomalous ? unit.score > all[known].score : unit.isAnomalous
    if worse { all[known] = unit }
  }
}
