extension Kind {
  /// Units of one kind, of one example or of one sample in a model file at most: sums over all of a file stay
  /// within an Int.
  static let sizeLimit = 1 << 38

  /// The kind as the model file stores it; the centroid lies in a tensor of its own.
  var stored: JSONValue {
    .object([
      "id": .string(id), "class": classIndex.map { .integer(Int64($0)) } ?? .null,
      "normal": .bool(isNormal),
      "candidate": .bool(isCandidate), "size": .integer(Int64(size)),
      "distinct": .integer(Int64(distinct)),
      "share": .number(share), "silhouette": .number(silhouette), "radius": .number(radius),
      "times": times.map { .array([.integer($0.lowerBound), .integer($0.upperBound)]) } ?? .null,
      "limit": .number(limit), "age": age.json,
      "first_line": .integer(Int64(truncatingIfNeeded: firstLine)),
      "evidence": .array(
        evidence.map { item in
          .object([
            "event": .integer(Int64(item.event)), "share": .number(item.share),
            "normal_share": .number(item.normalShare), "missing": .bool(item.isMissing),
          ])
        }),
      "samples": .array(
        samples.map { sample in
          .object([
            "session": .array(sample.session.map { .integer(Int64($0)) }),
            "first_line": .integer(Int64(truncatingIfNeeded: sample.firstLine)),
            "events": .array(sample.events.map { .integer(Int64($0)) }),
            "count": .integer(Int64(sample.count)),
            "decisive": sample.decisive.map { .integer(Int64($0)) } ?? .null,
          ])
        }),
    ])
  }

  /// Reads what ``stored`` wrote; nil when something is amiss.
  init?(stored json: JSONValue, centroid: [Float]) {
    guard let id = json["id"]?.string, let isNormal = json["normal"]?.bool,
      let isCandidate = json["candidate"]?.bool, let size = json["size"]?.int,
      let distinct = json["distinct"]?.int, (0...Kind.sizeLimit).contains(size),
      (0...Kind.sizeLimit).contains(distinct), let share = json["share"]?.double,
      let silhouette = json["silhouette"]?.double, let radius = json["radius"]?.double,
      let limit = json["limit"]?.double, let evidence = json["evidence"]?.array,
      let samples = json["samples"]?.array
    else { return nil }
    self.init(
      id: id, name: json["name"]?.string, isNormal: isNormal, isCandidate: isCandidate, size: size,
      distinct: distinct, share: share, silhouette: silhouette, radius: radius, limit: limit,
      centroid: centroid, firstLine: UInt64(json["first_line"]?.int.map { max($0, 0) } ?? 0),
      evidence: evidence.compactMap(Evidence.init(stored:)),
      samples: samples.compactMap(Sample.init(stored:)),
      times: Self.times(stored: json["times"]), classIndex: json["class"]?.int,
      age: Age(stored: json["age"] ?? .null))
  }
}

extension Kind {
  private static func times(stored json: JSONValue?) -> ClosedRange<Int64>? {
    guard let pair = json?.array, pair.count == 2, let first = pair[0].int, let last = pair[1].int
    else { return nil }
    return Int64(first)...Int64(max(first, last))
  }
}

extension Kind.Age {
  var json: JSONValue {
    .object([
      "found": .integer(Int64(found)), "last_seen": .integer(Int64(lastSeen)),
      "showings": .integer(Int64(showings)),
    ])
  }

  /// Reads what ``json`` wrote; what is missing or no count stays at its default.
  init(stored json: JSONValue) {
    func count(_ key: String, _ standard: Int) -> Int {
      json[key]?.int.map { min(max($0, 0), 1 << 40) } ?? standard
    }
    self.init(
      found: count("found", 0), lastSeen: count("last_seen", 0), showings: count("showings", 1))
  }
}

extension Kind.Evidence {
  fileprivate init?(stored json: JSONValue) {
    guard let event = json["event"]?.int.flatMap({ Int32(exactly: $0) }),
      let share = json["share"]?.double,
      let normalShare = json["normal_share"]?.double, let isMissing = json["missing"]?.bool
    else { return nil }
    self.init(event: event, share: share, normalShare: normalShare, isMissing: isMissing)
  }
}

extension Kind.Sample {
  fileprivate init?(stored json: JSONValue) {
    guard let session = json["session"]?.array, let events = json["events"]?.array,
      let count = json["count"]?.int
    else { return nil }
    let ids = events.compactMap { $0.int.flatMap { Int32(exactly: $0) } }
    let decisive = json["decisive"]?.int
    self.init(
      session: session.compactMap { $0.int.flatMap { UInt8(exactly: $0) } },
      firstLine: UInt64(json["first_line"]?.int.map { max($0, 0) } ?? 0), events: ids,
      count: min(max(count, 1), Kind.sizeLimit),
      decisive: decisive.flatMap { ids.indices.contains($0) ? $0 : nil })
  }
}
