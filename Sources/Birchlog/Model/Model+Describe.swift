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
    return .object(object)
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

  func describe(_ kind: Kind) -> JSONObject {
    [
      "id": .string(kind.id), "name": kind.name.map { .string($0) } ?? .null,
      "normal": .bool(kind.isNormal), "marked": .bool(kind.isMarked),
      "candidate": .bool(kind.isCandidate), "state": .string(kind.state),
      "aliases": .array(kind.aliases.map { .string($0) }),
      "notes": .array(kind.notes.map { .string($0) }), "size": .integer(Int64(kind.size)),
      "distinct": .integer(Int64(kind.distinct)), "share": .number(rounded(kind.share)),
      "silhouette": .number(rounded(kind.silhouette)), "radius": .number(rounded(kind.radius)),
      "reading": .string(reading(of: kind)),
      "first_line": .integer(Int64(truncatingIfNeeded: kind.firstLine)), "age": kind.age.json,
      "first_seen": kind.times.map { .string(CalendarTime.text($0.lowerBound)) } ?? .null,
      "last_seen": kind.times.map { .string(CalendarTime.text($0.upperBound)) } ?? .null,
      "evidence": .array(
        kind.evidence.map { item in
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
  }

  /// One line in which an operator may recognise the kind.
  func reading(of kind: Kind) -> String {
    if kind.isNormal, !options.largestKindIsNormal { return "normal behaviour" }
    let more = kind.evidence.filter { !$0.isMissing }.prefix(2).map { "“\(short($0.event))”" }
    let missing = kind.evidence.filter(\.isMissing).prefix(more.isEmpty ? 2 : 1).map {
      "“\(short($0.event))”"
    }
    switch (more.isEmpty, missing.isEmpty) {
    case (false, true): return "with \(more.joined(separator: " and "))"
    case (false, false):
      return
        "with \(more.joined(separator: " and ")), without \(missing.joined(separator: " and "))"
    case (true, false): return "ends without \(missing.joined(separator: " and "))"
    case (true, true):
      guard !kind.isNormal else { return "normal behaviour" }
      return excess(in: kind) ?? "known events in an unexpected order or number"
    }
  }

  /// The event that comes more often in most samples of a kind than in any normal unit.
  private func excess(in kind: Kind) -> String? {
    var held: [Int32: (weight: Int, fewest: Int, largest: Int)] = [:]
    for sample in kind.samples {
      var counts: [Int32: Int] = [:]
      for event in sample.events { counts[event, default: 0] += 1 }
      for (event, count) in counts {
        guard let column = normal.vocabulary.column(of: event) else { continue }
        let largest = normal.counts.largestCount(of: column)
        guard count > largest, largest > 0 else { continue }
        let before = held[event] ?? (0, count, largest)
        held[event] = (before.weight + sample.count, min(before.fewest, count), largest)
      }
    }
    let whole = kind.samples.reduce(0) { $0 + $1.count }
    let most = held.filter { 2 * $0.value.weight > whole }.max {
      ($0.value.fewest * $1.value.largest, $1.key) < ($1.value.fewest * $0.value.largest, $0.key)
    }
    return most.map {
      "\($0.value.fewest) or more times “\(short($0.key))”, normally at most \($0.value.largest)"
    }
  }

  private func short(_ event: Int32) -> String {
    // Wildcards say nothing in a sentence: those at either end go, the others become dots.
    let words = lines.template(of: event).split(separator: " ")
    let said = words.drop { $0 == "<*>" }
    let end = said.lastIndex { $0 != "<*>" }.map { $0 + 1 } ?? said.startIndex
    let core = said[..<end].map { $0.replacing("<*>", with: "…") }
    let text = core.isEmpty ? words.joined(separator: " ") : core.joined(separator: " ")
    guard text.count > 60 else { return text }
    return text.prefix(59) + "…"
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
