/// How far the input of an update was from what the model knew.
public struct DriftSummary: Sendable, Equatable {
  /// Share of units that hold an event training never saw, and that are of no known kind.
  public var unseen = 0.0
  public var unknown = 0.0
  /// Share of the events of all units that training never saw.
  public var unseenEvents = 0.0
  /// Mean surprise of the units that are not anomalous, in nats an event.
  public var surprise = 0.0

  init() {}

  /// - Parameter scores: of the store's units, by the model as it was.
  init(store: UnitStore, scores: [UnitScore], base: Model) {
    let detection = base.detection
    let vocabulary = base.normal.vocabulary
    var total = 0.0
    var usual = 0.0
    var events = 0.0
    for (entry, score) in zip(store.entries, scores) {
      let count = Double(entry.count)
      total += count
      let new = Double(entry.unit.body.count { vocabulary.column(of: $0) == nil })
      if new > 0 { unseen += count }
      unseenEvents += count * new
      events += count * Double(entry.unit.body.count)
      if detection.isAnomalous(score) {
        let signature = base.space.signature(of: entry.unit, score: score)
        let isKnown = base.kinds.contains {
          !$0.isNormal && distance(signature, $0.centroid) <= $0.limit
        }
        if !isKnown { unknown += count }
      } else {
        usual += count
        surprise += count * score.average
      }
    }
    unseen /= max(total, 1)
    unknown /= max(total, 1)
    unseenEvents /= max(events, 1)
    surprise /= max(usual, 1)
  }

  var json: JSONValue {
    .object([
      "unseen": .number(rounded(unseen)), "unknown": .number(rounded(unknown)),
      "unseen_events": .number(rounded(unseenEvents)), "surprise": .number(rounded(surprise)),
    ])
  }

  init(json: JSONValue) {
    unseen = json["unseen"]?.double ?? 0
    unknown = json["unknown"]?.double ?? 0
    unseenEvents = json["unseen_events"]?.double ?? 0
    surprise = json["surprise"]?.double ?? 0
  }
}
