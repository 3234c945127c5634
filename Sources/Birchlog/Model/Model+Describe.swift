extension Model {
  /// What the model is, for people and programs.
  public func describe() -> JSONValue {
    var object: JSONObject = [
      "format_version": .integer(Int64(Self.formatVersion)),
      "version": .string("\(BuildInfo.version)"),
      "options": options.json, "unit": .string(unitKind.rawValue),
      "events": .integer(Int64(normal.vocabulary.knownEvents.count)),
      "normal_events": .integer(Int64(normal.vocabulary.normalEvents.count)),
      "kinds": .integer(Int64(kinds.count)),
      "threshold": .object(threshold.json),
    ]
    for (key, value) in record.json.pairs { object[key] = value }
    if let classifier = record.classifier {
      object["classifier"] = .object(classifier.json(shownIDs))
    }
    return .object(object)
  }

  /// The ids under which a kind that the classifier was measured on is shown: it may have been merged or split since.
  private func shownIDs(of kind: String) -> [String] {
    let own = found.contains { $0.id == kind }
    var ids: [String] = []
    for part in found where own ? part.id == kind : decisions.descends(part.id, from: kind) {
      let id = decisions.shownID(of: part.id)
      if !ids.contains(id) { ids.append(id) }
    }
    return ids.isEmpty ? [kind] : ids
  }

  /// The kinds with their evidence and samples in words.
  public func describeKinds() -> JSONValue {
    .object([
      "silhouette": .number(rounded(record.clustering.silhouette)),
      "kinds": .array(kinds.map { .object(describe($0)) }),
      "retired": .array(
        retired.map { kind in
          .object([
            "id": .string(kind.id), "name": kind.name.map { .string($0) } ?? .null,
            "into": kind.into.map { .string($0) } ?? .null,
          ])
        }),
    ])
  }

  /// What operators and refits did to the kinds, oldest first.
  public func describeJournal() -> JSONValue {
    .object(["journal": .array(decisions.journal.map { $0.json() })])
  }

  /// The share of a kind's remembered sessions that had not ended; nil where ends are not looked at.
  private func openShare(of kind: Kind) -> Double? {
    guard unitKind == .session, record.scoresEnds,
      let place = kinds.firstIndex(where: { $0.id == kind.id })
    else { return nil }
    var (open, all) = (0, 0)
    for example in examples where example.kind == place {
      all += example.count
      if example.unit.tail != .end { open += example.count }
    }
    return all > 0 ? Double(open) / Double(all) : nil
  }

  func describe(_ kind: Kind) -> JSONObject {
    var object: JSONObject = [
      "id": .string(kind.id), "name": kind.name.map { .string($0) } ?? .null,
      "normal": .bool(kind.isNormal), "marked": .bool(kind.isMarked),
      "candidate": .bool(kind.isCandidate), "state": .string(kind.state),
      "aliases": .array(kind.aliases.map { .string($0) }),
      "notes": .array(kind.notes.map { .string($0) }), "size": .integer(Int64(kind.size)),
      "distinct": .integer(Int64(kind.distinct)), "share": .number(rounded(kind.share)),
      "silhouette": .number(rounded(kind.silhouette)), "radius": .number(rounded(kind.radius)),
      "reading": .string(reading(of: kind)),
      "first_line": .integer(Int64(truncatingIfNeeded: kind.firstLine)), "age": kind.age.json,
      "first_seen": .null, "last_seen": .null,
      "open_share": openShare(of: kind).map { .number(rounded($0)) } ?? .null,
      "evidence": .array(
        (kind.isNormal ? kind.evidence : differences(of: kind).evidence).map { item in
          .object([
            "event": .integer(Int64(item.event)),
            "template": .string(lines.template(of: item.event)),
            "share": .number(rounded(item.share)),
            "normal_share": .number(rounded(item.normalShare)),
            "direction": .string(item.isMissing ? "missing" : "more"),
          ])
        }),
      "samples": .array(
        kind.samples.map { sample in
          .object([
            "session": .string(String(decoding: sample.session, as: UTF8.self)),
            "first_line": .integer(Int64(truncatingIfNeeded: sample.firstLine)),
            "events": .array(sample.events.map { .integer(Int64($0)) }),
            "templates": .array(sample.events.map { .string(lines.template(of: $0)) }),
            "count": .integer(Int64(sample.count)),
            "decisive": sample.decisive.map { .integer(Int64($0)) } ?? .null,
          ])
        }),
    ]
    CalendarTime.add(kind.times, first: "first_seen", last: "last_seen", to: &object)
    return object
  }
}

extension Threshold {
  var json: JSONObject {
    [
      "score": .number(rounded(score)), "target_rate": .number(targetRate),
      "measured_rate": .number(rounded(measuredRate)), "upper_bound": .number(rounded(upperBound)),
      "units": .integer(Int64(units)),
    ]
  }
}
