/// What lines without a session key said when a model learned: later ones like them are nothing new.
struct KeylessEvents: Sendable, Equatable {
  var events: Set<Int32> = []
  /// They are of clean input: what other input says is not taken for usual.
  var isClean: Bool

  /// Beyond, nothing is known of them.
  static let limit = KeylessLines.eventLimit

  /// The events as the model file stores them.
  var stored: JSONValue {
    .object([
      "events": .array(events.sorted().map { .integer(Int64($0)) }), "clean": .bool(isClean),
    ])
  }

  init(isClean: Bool) { self.isClean = isClean }

  /// Reads what ``stored`` wrote; nil where it is not there, or damaged.
  init?(stored json: JSONValue?) {
    guard let values = json?["events"]?.array, let isClean = json?["clean"]?.bool else {
      return nil
    }
    let events = values.compactMap { $0.int.flatMap { Int32(exactly: $0) } }
    guard events.count == values.count, events.count <= Self.limit else { return nil }
    self.events = Set(events)
    self.isClean = isClean
  }
}
