/// How early a kind is known: what is said of beginnings of units, beside what is said of the wholes.
struct PrefixCurve {
  /// What was said of one share of the events.
  struct Point {
    /// Share of the events that had come.
    var share: Double
    /// Units that were known to be anomalous by then, whatever followed.
    var found = 0
    /// Of these, how many were said to be of the kind that the whole is of, and how many of none.
    var agreed = 0
    var unknown = 0
    /// Expected calibration error of the classifier's probabilities.
    var calibrationError = 0.0

    init(share: Double) { self.share = share }
  }

  /// Distinct units looked at: anomalous by truth and by verdict, and of a known kind.
  let units: Int
  let points: [Point]

  private static let steps = 10

  /// - Parameter wholes: distinct sessions and what was said of them.
  init(
    _ wholes: [(unit: Unit, kind: Int)], model: Model, threads: Int
  ) throws(BirchlogError) {
    units = wholes.count
    let detection = model.detection
    let scores = try model.normal.score(wholes.map(\.unit), threads: threads)
    let alarms = zip(wholes, scores).map { whole, score in
      model.normal.alarm(in: whole.unit, score: score, detection: detection)
    }
    var points: [Point] = []
    for step in 1...Self.steps {
      var point = Point(share: Double(step) / Double(Self.steps))
      let shown = wholes.indices.compactMap { index -> (index: Int, unit: Unit)? in
        let body = wholes[index].unit.body.count
        let count = (body * step + Self.steps - 1) / Self.steps
        guard let alarm = alarms[index], alarm <= count else { return nil }
        return (index, wholes[index].unit.beginning(count))
      }
      let verdicts = try model.classify(shown.map(\.unit), early: true, threads: threads)
      var answers: [(probability: Double, isRight: Bool)] = []
      for (item, verdict) in zip(shown, verdicts) {
        let kind = wholes[item.index].kind
        point.found += 1
        if verdict.kind == kind { point.agreed += 1 }
        if verdict.kind == nil { point.unknown += 1 }
        if let answer = model.likeliest(verdict) {
          answers.append((answer.probability, answer.kind == kind))
        }
      }
      point.calibrationError = Calibration.error(answers)
      points.append(point)
    }
    self.points = points
  }

  var json: JSONValue {
    .object([
      "units": .integer(Int64(units)),
      "points": .array(
        points.map { point in
          .object([
            "share": .number(rounded(point.share)),
            "found": .number(rounded(ratio(point.found, units))),
            "agreement": .number(rounded(ratio(point.agreed, point.found))),
            "unknown": .number(rounded(ratio(point.unknown, point.found))),
            "calibration_error": .number(rounded(point.calibrationError)),
          ])
        }),
    ])
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double {
    whole > 0 ? Double(part) / Double(whole) : 0
  }
}

extension Model {
  /// The anomalous kind that the classifier finds most likely, and its probability among the
  /// anomalous ones.
  func likeliest(_ verdict: Verdict) -> (kind: Int, probability: Double)? {
    let eligible = kinds.indices.filter { !kinds[$0].isNormal }
    guard verdict.probabilities.count == kinds.count,
      let best = eligible.max(by: { verdict.probabilities[$0] < verdict.probabilities[$1] })
    else { return nil }
    let total = eligible.reduce(0) { $0 + Double(verdict.probabilities[$1]) }
    return total > 0 ? (best, Double(verdict.probabilities[best]) / total) : nil
  }
}
