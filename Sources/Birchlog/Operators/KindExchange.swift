/// Kinds that another model exported, read from its document.
struct KindExchange {
  static let format = "birchlog kinds"
  /// Found kinds, and events of all exemplars, in one document at most.
  private static let partLimit = 1_024
  private static let eventLimit = 1 << 22

  /// A found kind of the other model.
  struct Part {
    var id: String
    /// Index in `kinds`.
    var kind: Int
    var centroid: [Float]
    var exemplars: [Unit]
    var evidence: [(event: Int32, isMissing: Bool)]
  }

  /// A shown kind of the other model.
  struct Entry {
    var id: String
    var name: String?
    var notes: [String]
    var isMarked: Bool
    var isNormal: Bool
  }

  var kinds: [Entry] = []
  var parts: [Part] = []
  /// Template of each event of the other model that the document mentions.
  var templates: [Int32: String] = [:]
  var space: String

  /// - Throws: `input`, with the place, when the document is not what an export writes.
  init(_ json: JSONValue) throws(BirchlogError) {
    guard json["format"]?.string == Self.format, let kinds = json["kinds"]?.array,
      let templates = json["templates"]?.array
    else {
      throw .input("This is no export of kinds; give what \"birchlog kinds export\" wrote.")
    }
    guard let version = json["version"]?.int, version == 1 else {
      throw .input("The export of kinds is of a later version; update the library.")
    }
    space = json["space"]?.string ?? ""
    for pair in templates {
      guard let values = pair.array, values.count == 2,
        let event = values[0].int.flatMap({ Int32(exactly: $0) }), let text = values[1].string
      else { throw Self.damaged("templates") }
      self.templates[event] = text
    }
    var events = 0
    for (index, kind) in kinds.enumerated() {
      guard let id = kind["id"]?.string, let isNormal = kind["normal"]?.bool,
        let parts = kind["parts"]?.array
      else { throw Self.damaged("kinds[\(index)]") }
      self.kinds.append(
        Entry(
          id: id, name: kind["name"]?.string,
          notes: (kind["notes"]?.array ?? []).compactMap(\.string),
          isMarked: kind["marked"]?.bool ?? false, isNormal: isNormal))
      for part in parts {
        guard let own = Part(part, kind: index) else {
          throw Self.damaged("kinds[\(index)].parts")
        }
        events += own.exemplars.reduce(0) { $0 + $1.events.count }
        self.parts.append(own)
      }
      guard self.parts.count <= Self.partLimit, events <= Self.eventLimit else {
        throw .limit(
          "The export holds more than \(Self.partLimit) kinds or \(Self.eventLimit) events.")
      }
    }
  }

  private static func damaged(_ place: String) -> BirchlogError {
    .input("The export of kinds is damaged at \(place); export again.")
  }
}

extension KindExchange.Part {
  fileprivate init?(_ json: JSONValue, kind: Int) {
    guard let id = json["id"]?.string, let exemplars = json["exemplars"]?.array,
      let evidence = json["evidence"]?.array
    else { return nil }
    self.id = id
    self.kind = kind
    centroid = (json["centroid"]?.array ?? []).map { Float($0.double ?? .nan) }
    if !centroid.allSatisfy(\.isFinite) { return nil }
    self.exemplars = []
    for exemplar in exemplars {
      guard let unit = Unit(exported: exemplar) else { return nil }
      self.exemplars.append(unit)
    }
    self.evidence = []
    for item in evidence {
      guard let values = item.array, values.count == 2,
        let event = values[0].int.flatMap({ Int32(exactly: $0) }), let isMissing = values[1].bool
      else { return nil }
      self.evidence.append((event, isMissing))
    }
  }
}

extension Unit {
  fileprivate init?(exported json: JSONValue) {
    guard let values = json["events"]?.array, let context = json["context"]?.int else { return nil }
    let events = values.compactMap { $0.int.flatMap { Int32(exactly: $0) } }
    guard events.count == values.count, events.allSatisfy({ $0 >= 0 }),
      (0...events.count).contains(context)
    else { return nil }
    let tail: Tail
    switch json["tail"] {
    case nil, .null?: tail = .none
    case .string("end")?: tail = .end
    case .string("open")?: tail = .open
    case .some(let value):
      guard let event = value.int.flatMap({ Int32(exactly: $0) }), event >= 0 else { return nil }
      tail = .event(event)
    }
    self.init(events: events, contextCount: context, tail: tail)
  }
}
