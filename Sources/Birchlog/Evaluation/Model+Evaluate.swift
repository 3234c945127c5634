extension Model {
  /// Classifies files and compares with the truth.
  ///
  /// A window counts for its session: a session is anomalous when one of its windows is, and has
  /// the kind of its highest scoring one.
  ///
  /// - Throws: `input` when the truth speaks of none of the sessions, and all that ``LogStream`` throws.
  public func evaluate(files: [String], truth path: String, options: String?) throws(BirchlogError)
    -> JSONValue
  {
    let asked = try EvaluationOptions(json: options)
    let truth = try TruthTable(path: path)
    try truth.check(join: asked.join)
    if let warning = truth.warning(named: path) { Notices.warn(warning) }
    let stream = try LogStream(model: self, options: asked.reading)
    var sessions = SessionVerdicts()
    var units = SessionUnits()
    /// The kinds of whole anomalous sessions.
    var wholes: [Unit: Int] = [:]
    try stream.classify(files: files) { findings in
      for finding in findings {
        sessions.add(finding)
        if asked.baselines { units.add(finding) }
        if asked.prefixes, finding.unit.window == nil, finding.verdict.isAnomalous,
          let kind = finding.verdict.kind,
          truth.kind(of: finding.unit.session).map({ $0 != TruthTable.normal }) ?? false
        {
          wholes[finding.unit.unit] = kind
        }
      }
      return true
    }
    try Self.check(sessions.all, against: truth, named: path)
    let threads = self.options.threads > 0 ? self.options.threads : Threads.available
    var baselines: [(name: String, verdicts: [[UInt8]: (Bool, Double)])] = []
    if asked.baselines {
      let answers = try Baselines(model: self).answers(units.distinct, threads: threads)
      baselines = answers.map { (name: $0.name, verdicts: units.verdicts($0)) }
    }
    var curve: PrefixCurve?
    if asked.prefixes {
      // In the order of their hashes: sums over a dictionary would round differently in each process.
      let sorted = wholes.map { (unit: $0.key, kind: $0.value) }
        .sorted { $0.unit.stableHash < $1.unit.stableHash }
      curve = try PrefixCurve(sorted, model: self, threads: threads)
    }
    return Evaluation(
      sessions: sessions.all, truth: truth, options: asked, statistics: stream.statistics
    ).json(baselines: baselines, prefixes: curve)
  }

  /// Figures over nothing would look like figures.
  private static func check(
    _ sessions: [Evaluation.Unit], against truth: TruthTable, named path: String
  ) throws(BirchlogError) {
    guard !sessions.contains(where: { truth.kind(of: $0.session) != nil }) else { return }
    guard let first = sessions.first else {
      throw .input("The input holds no session, so nothing can be compared with \(path).")
    }
    func quoted(_ id: [UInt8]) -> String { "\"\(String(decoding: id.prefix(80), as: UTF8.self))\"" }
    throw .input(
      "None of the \(sessions.count) sessions of the input is in \(path): the input has ids such as \(quoted(first.session)), the file such as \(quoted(truth.example)); give the truth of this input, with the ids that classify prints."
    )
  }
}

/// One verdict a session, whatever the unit.
private struct SessionVerdicts {
  private(set) var all: [Evaluation.Unit] = []
  private var indices: [[UInt8]: Int] = [:]

  mutating func add(_ finding: Finding) {
    let unit = Evaluation.Unit(
      session: finding.unit.session, isAnomalous: finding.verdict.isAnomalous,
      score: finding.verdict.score, kind: finding.kindID, shape: finding.unit.unit.stableHash)
    guard finding.unit.window != nil, let known = indices[unit.session] else {
      indices[unit.session] = all.count
      all.append(unit)
      return
    }
    var shape = StableHash()
    shape.add(all[known].shape)
    shape.add(unit.shape)
    let worse =
      unit.isAnomalous == all[known].isAnomalous ? unit.score > all[known].score : unit.isAnomalous
    if worse { all[known] = unit }
    all[known].shape = shape.value
  }
}

/// The different units of all sessions, and which sessions show them.
private struct SessionUnits {
  private(set) var distinct: [Unit] = []
  private var indices: [Unit: Int] = [:]
  private var sessions: [(id: [UInt8], unit: Int)] = []

  mutating func add(_ finding: Finding) {
    let unit = finding.unit.unit
    let index = indices[unit] ?? distinct.count
    if index == distinct.count {
      indices[unit] = index
      distinct.append(unit)
    }
    sessions.append((finding.unit.session, index))
  }

  /// A detector's verdict on each session: that on the oddest of its units.
  func verdicts(_ answer: Baselines.Answer) -> [[UInt8]: (Bool, Double)] {
    var result: [[UInt8]: (Bool, Double)] = [:]
    for (id, unit) in sessions {
      let before = result[id] ?? (false, -.infinity)
      result[id] = (
        before.0 || answer.isAnomalous[unit], max(before.1, answer.scores[unit])
      )
    }
    return result
  }
}
