/// Tells the moment at which a unit that goes on is anomalous, whatever follows.
///
/// It weighs only what later events cannot take back: the largest surprise so far (or the worst
/// rank), the stretch that surprised most and the events that came too often. What is missing, and how surprising the unit is on
/// average, is known at its end alone. So an early finding is never revoked: the final score is no
/// smaller. (A kind that an operator marked is another matter: see ``LogStream/poll()``.)
final class EarlyDetector {
  private let normal: NormalModel
  private let detection: Detection
  private var surprises: SurpriseCache
  /// What verdicts on this stream's units need not compute again.
  let contexts: ContextMemory
  /// The window before an event and the event itself, as tokens.
  private var tokens: [Int32]

  /// In a unit of more events than this only every 64th is counted: counting walks over the unit.
  private static let countedEvents = 4_096

  init(normal: NormalModel, detection: Detection) {
    self.normal = normal
    self.detection = detection
    surprises = SurpriseCache(window: normal.window)
    contexts = ContextMemory(normal: normal)
    tokens = [Int32](repeating: 0, count: normal.window + 1)
  }

  /// Surprises that were remembered, and computed.
  var hits: Int { surprises.hits }
  var misses: Int { surprises.misses }

  /// Looks at the last of a unit's events; true when it makes the unit anomalous for the first time.
  ///
  /// - Parameter start: index of the first event that the unit is about; those before it are context.
  func observe(
    _ events: UnsafeBufferPointer<Int32>, from start: Int = 0, score: inout OpenScore
  ) -> Bool {
    guard !events.isEmpty else { return false }
    take(events)
    let known = tokens.withUnsafeBufferPointer { $0.baseAddress.flatMap { surprises.find($0) } }
    guard let outcome = known ?? computed() else { return false }
    let isFound = !score.isReported && weigh(outcome, events, from: start, score: &score)
    // Behind what is new comes what is new: the next context is computed while nobody waits for it.
    if known == nil, !isFound {
      tokens.withUnsafeBufferPointer {
        if let base = $0.baseAddress { contexts.require(base + 1) }
      }
    }
    return isFound
  }

  private func weigh(
    _ outcome: SurpriseCache.Outcome, _ events: UnsafeBufferPointer<Int32>, from start: Int,
    score: inout OpenScore
  ) -> Bool {
    let event = events[events.count - 1]
    score.add(outcome.surprise, drift: detection.threshold.drift)
    score.rank = max(score.rank, outcome.rank)
    let position = events.count - start
    if position <= Self.countedEvents || position % 64 == 0 {
      let body = UnsafeBufferPointer(rebasing: events[start...])
      score.excess = max(score.excess, excess(of: event, in: body))
    }
    score.isReported = detection.isCertain(score)
    if score.isReported { score.reportedScore = detection.certainScore(score) }
    return score.isReported
  }

  /// Puts the last event and the window before it into `tokens`.
  private func take(_ events: UnsafeBufferPointer<Int32>) {
    let window = normal.window
    let held = min(events.count, window + 1)
    for index in 0..<(window + 1 - held) { tokens[index] = Vocabulary.padding }
    for index in 0..<held {
      tokens[window + 1 - held + index] = normal.vocabulary.token(
        of: events[events.count - held + index])
    }
  }

  /// The outcome for `tokens`, which is remembered from now on.
  private func computed() -> SurpriseCache.Outcome? {
    tokens.withUnsafeBufferPointer { tokens in
      guard let base = tokens.baseAddress,
        let found = normal.outcome(of: base[normal.window], after: base, in: contexts)
      else { return nil }
      let outcome = SurpriseCache.Outcome(surprise: found.surprise, rank: found.rank)
      surprises.insert(outcome, for: base)
      return outcome
    }
  }

  private func excess(of event: Int32, in body: UnsafeBufferPointer<Int32>) -> Float {
    let vocabulary = normal.vocabulary
    var count: Int32 = 0
    if let column = vocabulary.column(of: event) {
      for other in body where other == event { count += 1 }
      return normal.counts.excess(column: column, count: count)
    }
    // All events that training never saw count as one.
    for other in body where vocabulary.column(of: other) == nil { count += 1 }
    return normal.counts.excess(column: vocabulary.knownEvents.count, count: count)
  }
}
