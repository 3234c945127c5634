/// A model's kinds as a document that another model of the same log can import.
extension Model {
  /// Remembered units of each found kind that are exported, and events in one of them at most.
  private static let exemplarCount = 3
  private static let exemplarEvents = 4_096

  /// The kinds with what operators said of them, and with what another model needs to know them
  /// again: exemplars as events, the events' templates, mean signatures, evidence in words.
  public func exportKinds() -> JSONValue {
    var used = Set<Int32>()
    let kinds = self.kinds.enumerated().map { place, kind in
      let parts = found.indices.filter { shownKind[$0] == place }
      used.formUnion(kind.evidence.map(\.event))
      return JSONValue.object([
        "id": .string(kind.id), "name": kind.name.map { .string($0) } ?? .null,
        "notes": .array(kind.notes.map { .string($0) }), "marked": .bool(kind.isMarked),
        "normal": .bool(kind.isNormal), "size": .integer(Int64(kind.size)),
        "parts": .array(parts.map { exported($0, used: &used) }),
      ])
    }
    return .object([
      "format": .string(KindExchange.format), "version": .integer(1),
      "unit": .string(unitKind.rawValue), "space": .string(spaceFingerprint),
      "kinds": .array(kinds),
      "templates": .array(
        used.sorted().map { .array([.integer(Int64($0)), .string(lines.template(of: $0))]) }),
    ])
  }

  private func exported(_ place: Int, used: inout Set<Int32>) -> JSONValue {
    let kind = found[place]
    let own = foundExamples.filter {
      $0.kind == place && $0.unit.events.count <= Self.exemplarEvents
    }
    // The samples are those nearest to the mean.
    let near = kind.samples.compactMap { sample in
      own.first { $0.session == sample.session && $0.unit.events.starts(with: sample.events) }
    }
    let exemplars = (near.isEmpty ? own : near).prefix(Self.exemplarCount)
    for exemplar in exemplars { used.formUnion(exemplar.unit.events) }
    used.formUnion(kind.evidence.map(\.event))
    return .object([
      "id": .string(kind.id),
      "evidence": .array(
        kind.evidence.map { .array([.integer(Int64($0.event)), .bool($0.isMissing)]) }),
      "centroid": .array(kind.centroid.map { .number(Double($0)) }),
      "exemplars": .array(exemplars.map(\.exported)),
    ])
  }

  /// Tells whether the mean signatures of two models can be compared as they are.
  var spaceFingerprint: String {
    var hash = StableHash()
    for event in normal.vocabulary.knownEvents {
      hash.add(UInt64(truncatingIfNeeded: event))
      hash.add(Array(lines.template(of: event).utf8))
    }
    for value in space.scale { hash.add(UInt64(value.bitPattern)) }
    for share in space.normalShare { hash.add(share.bitPattern) }
    hash.add(Array(options.signature.rawValue.utf8))
    let digits = String(hash.value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension KindExample {
  fileprivate var exported: JSONValue {
    let tail: JSONValue =
      switch unit.tail {
      case .none: .null
      case .open: .string("open")
      case .end: .string("end")
      case .event(let event): .integer(Int64(event))
      }
    return .object([
      "session": .string(String(decoding: session, as: UTF8.self)),
      "events": .array(unit.events.map { .integer(Int64($0)) }),
      "context": .integer(Int64(unit.contextCount)), "tail": tail,
      "count": .integer(Int64(count)),
    ])
  }
}
