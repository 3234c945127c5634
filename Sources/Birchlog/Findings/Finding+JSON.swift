extension Finding {
  /// The finding with its evidence as one JSON object.
  public func json() throws(BirchlogError) -> JSONValue {
    var object = plainJSON
    if verdict.isAnomalous { add(try model.explain(unit.unit, verdict: verdict), to: &object) }
    return .object(object)
  }

  /// The finding without evidence.
  var plainJSON: JSONObject {
    var object: JSONObject = [
      "session": .string(sessionText)
    ]
    if let window = unit.window { object["window"] = .integer(Int64(window)) }
    object["anomalous"] = .bool(verdict.isAnomalous)
    object["final"] = .bool(unit.isFinal)
    if verdict.isMarked { object["marked"] = .bool(true) }
    if unit.isOpen { object["open"] = .bool(true) }
    object["score"] = .number(rounded(verdict.score))
    object["threshold"] = .number(rounded(threshold))
    object["perturbation"] = .number(rounded(verdict.perturbation))
    object["kind"] = .string(kindID)
    object["name"] = kindName.map { .string($0) } ?? .null
    object["confidence"] = .number(rounded(verdict.confidence))
    object["lines"] =
      unit.lineSpan.map { .array([.integer(Int64($0.first)), .integer(Int64($0.last))]) } ?? .null
    CalendarTime.add(unit.times, first: "first_time", last: "last_time", to: &object)
    object["events"] = .integer(Int64(unit.unit.body.count))
    object["source"] = source.map { .string($0) } ?? .null
    return object
  }

  /// Adds what ``json()`` says of an anomalous unit.
  func add(_ explanation: Explanation, to object: inout JSONObject) {
    var probabilities = JSONObject()
    for (kind, value) in zip(model.kinds, verdict.probabilities) where value >= 0.001 {
      probabilities[kind.id] = .number(rounded(Double(value)))
    }
    object["probabilities"] = .object(probabilities)
    object["reason"] = .string(reason(explanation))
    object["evidence"] = .array(explanation.evidence.map(json))
    if let run = explanation.run {
      object["run"] = .object([
        "first": .integer(Int64(run.first)), "last": .integer(Int64(run.last)),
        "first_line": unit.line(at: run.first).map { .integer(Int64($0)) } ?? .null,
        "last_line": unit.line(at: run.last).map { .integer(Int64($0)) } ?? .null,
        "mean_surprise": .number(rounded(run.averageSurprise)),
      ])
    }
    if !explanation.contrast.isEmpty {
      object["contrast"] = .array(
        explanation.contrast.map { contrast in
          .object([
            "events": .array(contrast.events.map { .integer(Int64($0)) }),
            "templates": .array(contrast.events.map { .string(model.lines.template(of: $0)) }),
            "occurrences": .integer(Int64(contrast.occurrences)),
            "weight": .number(rounded(contrast.weight)),
          ])
        })
    }
    object["counts"] = .array(
      explanation.counts.map { count in
        .object([
          "event": .integer(Int64(count.event)),
          "template": .string(template(of: count.event)),
          "occurrences": .integer(Int64(count.occurrences)),
          "normal_largest": .integer(Int64(count.normalLargest)),
          "surprisal": .number(rounded(count.surprisal)),
          "direction": .string(count.isLack ? "few" : "many"),
        ])
      })
    object["missing"] = .array(
      (unit.isFinal ? explanation.missing : []).map { missing in
        .object([
          "event": .integer(Int64(missing.event)),
          "template": .string(template(of: missing.event)),
          "expected_share": .number(rounded(missing.normalShare)),
        ])
      })
    object["unseen"] = .array(explanation.unseen.map { .integer(Int64($0)) })
    if let nearest = explanation.nearest {
      object["nearest"] = .object([
        "session": .string(String(decoding: nearest.session, as: UTF8.self)),
        "sequence": .array(nearest.events.map { .integer(Int64($0)) }),
        "distance": .number(rounded(verdict.distance)),
      ])
    }
    if !verdict.attention.isEmpty {
      let window = model.options.window
      object["attention"] = .array(
        stride(from: 0, to: verdict.attention.count, by: window).map { start in
          .array(
            verdict.attention[start..<min(start + window, verdict.attention.count)].map {
              .number(rounded(Double($0)))
            })
        })
    }
  }

  private func json(_ evidence: Explanation.Evidence) -> JSONValue {
    var object: JSONObject = [
      "position": .integer(Int64(evidence.position)),
      "event": .integer(Int64(evidence.event ?? -1)),
      "template": .string(evidence.event.map(template(of:)) ?? LineModel.endOfSession),
      "surprise": .number(rounded(Double(evidence.surprise))),
      "probability": .number(rounded(evidence.probability)), "rank": .integer(Int64(evidence.rank)),
      "unseen": .bool(evidence.isUnseen),
    ]
    object["line"] = unit.line(at: evidence.position).map { .integer(Int64($0)) } ?? .null
    object["expected"] = .array(
      evidence.expected.map { expected in
        .object([
          "event": .integer(Int64(expected.event ?? -1)),
          "template": .string(
            expected.event.map(template(of:)) ?? LineModel.endOfSession),
          "probability": .number(rounded(expected.probability)),
        ])
      })
    return .object(object)
  }
}

/// Six significant digits: more would be noise of single precision.
func rounded(_ value: Double) -> Double {
  guard value.isFinite, value != 0 else { return value.isFinite ? value : 0 }
  var scale = 1.0
  var magnitude = abs(value)
  while magnitude < 100_000, scale < 1e15 {
    magnitude *= 10
    scale *= 10
  }
  return (value * scale).rounded() / scale
}
