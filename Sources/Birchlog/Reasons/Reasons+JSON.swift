extension Finding {
  /// The finding with all its reasons as one JSON object.
  ///
  /// - Parameter options: JSON text: parts, lines, alternatives.
  public func explained(options text: String?) throws(BirchlogError) -> JSONValue {
    let options = try ReasonOptions(json: text)
    let reasons = try reasons(options)
    var object = plainJSON
    add(reasons.explanation, to: &object)
    func set(_ part: ReasonOptions.Part, _ value: @autoclosure () -> JSONValue) {
      if options.parts.contains(part) { object[part.rawValue] = value() }
    }
    set(.summary, .string(summary(reasons)))
    object["decisive"] = .array(reasons.decisive.map { .integer(Int64($0)) })
    object["unseen_events"] = .array(reasons.explanation.unseen.map(unseenJSON))
    set(.neighbours, .array(reasons.neighbours.map(json)))
    set(.attended, .array(reasons.attended.map(json)))
    set(.exemplar, reasons.exemplar.map(json) ?? .null)
    set(.repair, reasons.repair.map(json) ?? .null)
    if options.parts.contains(.repair) {
      object["score_without"] = reasons.scoreWithout.map { .number(rounded($0)) } ?? .null
    }
    set(.raw, reasons.raw.map(json) ?? .null)
    set(.signature, .array((reasons.signature ?? []).map { .number(rounded(Double($0))) }))
    return .object(object)
  }

  private func template(_ event: Int32) -> JSONValue { .string(template(of: event)) }

  private func unseenJSON(_ event: Int32) -> JSONValue {
    let positions = unit.unit.body.indices.filter { unit.unit.body[$0] == event }
    return .object([
      "event": .integer(Int64(event)), "template": template(event),
      "occurrences": .integer(Int64(positions.count)),
      "line": positions.first.flatMap { unit.line(at: $0) }.map { .integer(Int64($0)) } ?? .null,
    ])
  }

  private func json(_ neighbour: Neighbour) -> JSONValue {
    let kind = model.kinds[neighbour.kind]
    var object: JSONObject = [
      "kind": .string(kind.id), "name": kind.name.map { .string($0) } ?? .null,
      "distance": .number(rounded(neighbour.distance)),
    ]
    if verdict.probabilities.indices.contains(neighbour.kind) {
      object["probability"] = .number(rounded(Double(verdict.probabilities[neighbour.kind])))
    }
    object["evidence"] = .array(
      neighbour.evidence.map { item in
        let words =
          item.isEnd ? LineModel.endOfSession : "(events that training never saw)"
        return .object([
          "event": .integer(Int64(item.event ?? -1)),
          "template": item.event.map(template) ?? .string(words),
          "occurrences": .integer(Int64(item.occurrences)),
          "weight": .number(rounded(item.weight)),
          "share": item.share.map { .number(rounded($0)) } ?? .null,
          "neighbour_share": item.neighbourShare.map { .number(rounded($0)) } ?? .null,
        ])
      })
    return .object(object)
  }

  private func json(_ attended: Attended) -> JSONValue {
    let events = unit.unit.events
    let event = events.indices.contains(attended.position) ? events[attended.position] : nil
    return .object([
      "position": .integer(Int64(attended.position)), "event": .integer(Int64(event ?? -1)),
      "template": event.map(template) ?? .string(LineModel.endOfSession),
      "line": unit.line(at: attended.position).map { .integer(Int64($0)) } ?? .null,
      "mean": .number(rounded(attended.mean)),
      "heads": .array(attended.heads.map { .number(rounded(Double($0))) }),
    ])
  }

  private func json(_ exemplar: Exemplar) -> JSONValue {
    let example = exemplar.example
    return .object([
      "session": .string(String(decoding: example.session, as: UTF8.self)),
      "kind": model.kinds.indices.contains(example.kind)
        ? .string(model.kinds[example.kind].id) : .null,
      "distance": .number(rounded(exemplar.distance)),
      "count": .integer(Int64(example.count)),
      "first_line": .integer(Int64(truncatingIfNeeded: example.firstLine)),
      "sequence": .array(example.unit.events.prefix(256).map { .integer(Int64($0)) }),
    ])
  }

  private func json(_ repair: Repair) -> JSONValue {
    .object([
      "edits": .array(
        repair.edits.map { edit in
          .object([
            "action": .string(edit.action.rawValue), "event": .integer(Int64(edit.event)),
            "template": template(edit.event),
            "positions": .array(edit.positions.map { .integer(Int64($0)) }),
            "line": unit.line(at: edit.place).map { .integer(Int64($0)) } ?? .null,
            "score": .number(rounded(edit.score)),
          ])
        }),
      "score": .number(rounded(repair.score)), "anomalous": .bool(repair.isAnomalous),
    ])
  }

  private func json(_ raw: RawLines) -> JSONValue {
    .object([
      "lines": .array(
        raw.lines.map { line in
          .object([
            "line": .integer(Int64(truncatingIfNeeded: line.number)),
            "offset": line.offset.map { .integer(Int64(truncatingIfNeeded: $0)) } ?? .null,
            "position": line.position.map { .integer(Int64($0)) } ?? .null,
            "decisive": .bool(line.isDecisive),
            "text": line.text.map { .string($0) } ?? .null,
            "message": line.message.map { .string($0) } ?? .null,
          ])
        }),
      "omitted": .integer(Int64(raw.omitted)),
      "note": raw.loss.map { .string($0.rawValue) } ?? .null,
    ])
  }
}
