/// Finds the events of another model of the same log among this model's, by their templates.
struct TemplateMatching {
  private var events: [Int32: Int32] = [:]

  /// - Parameter templates: template of each event of the other model.
  init(_ templates: [Int32: String], model: Model) {
    let known = model.normal.vocabulary.knownEvents
    var exact: [String: Int32] = [:]
    var byLength: [Int: [(event: Int32, words: [Substring])]] = [:]
    for event in known.reversed() {
      let text = model.lines.template(of: event)
      exact[text] = event
      let words = text.split(separator: " ")
      byLength[words.count, default: []].append((event, words))
    }
    for (event, text) in templates {
      if model.lines.template(of: event) == text, known.contains(event) {
        events[event] = event
      } else {
        events[event] = exact[text] ?? Self.likely(text, among: byLength)
      }
    }
  }

  /// Whether any event of a kind's exemplars is one of this model. Else it lies wherever units without a known event
  /// lie, which says nothing of it.
  func knows(_ part: KindExchange.Part) -> Bool {
    part.exemplars.isEmpty || part.exemplars.contains { $0.body.contains { events[$0] != nil } }
  }

  /// The event of this model; one that it never saw where it has none.
  func event(of other: Int32) -> Int32 { events[other] ?? .max }

  func translate(_ unit: Unit) -> Unit {
    var result = unit
    result.events = unit.events.map(event)
    if case .event(let next) = unit.tail { result.tail = .event(event(of: next)) }
    return result
  }

  /// The template of the same number of words that differs only where one of the two has a value, if
  /// just one does with the most words in common.
  private static func likely(
    _ text: String, among known: [Int: [(event: Int32, words: [Substring])]]
  ) -> Int32? {
    let words = text.split(separator: " ")
    var best: (event: Int32, common: Int)?
    var isUnique = true
    for candidate in known[words.count] ?? [] {
      var common = 0
      let fits = zip(words, candidate.words).allSatisfy { own, other in
        if own == other {
          common += 1
          return true
        }
        return own.contains("<*>") || other.contains("<*>")
      }
      guard fits, 2 * common >= words.count else { continue }
      if let found = best, found.common >= common {
        if found.common == common { isUnique = false }
        continue
      }
      best = (candidate.event, common)
      isUnique = true
    }
    return isUnique ? best?.event : nil
  }
}
