import SequenceModel

/// Tells the moment at which a unit that goes on is anomalous, whatever follows.
///
/// It weighs only what later events cannot take back: the largest surprise so far (or the worst
/// rank) and the events that came too often. What is missing, and how surprising the unit is on
/// average, is known at its end alone. So an early finding is never revoked: the final score is no
/// smaller. (A kind that an operator marked is another matter: see ``LogStream/poll()``.)
final class EarlyDetector {
  private let normal: NormalModel
  private let detection: Detection
  private var surprises: SurpriseCache
  private let predictor: WindowPredictor
  /// The window before an event and the event itself, as tokens.
  private var tokens: [Int32]

  /// In a unit of more events than this only every 64th is counted: counting walks over the unit.
  private static let countedEvents = 4_096

  init(normal: NormalModel, detection: Detection) {
    self.normal = normal
    self.detection = detection
    surprises = SurpriseCache(window: normal.window)
    predictor = WindowPredictor(model: normal.network, length: normal.window)
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
    guard !events.isEmpty, !score.isReported, let outcome = outcome(events) else { return false }
    let event = events[events.count - 1]
    score.surprise = max(score.surprise, outcome.surprise)
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

  private func outcome(_ events: UnsafeBufferPointer<Int32>) -> SurpriseCache.Outcome? {
    let window = normal.window
    let held = min(events.count, window + 1)
    for index in 0..<(window + 1 - held) { tokens[index] = Vocabulary.padding }
    for index in 0..<held {
      tokens[window + 1 - held + index] = normal.vocabulary.token(
        of: events[events.count - held + index])
    }
    if let known = surprises.find(tokens) { return known }
    let found = tokens.withUnsafeBufferPointer {
      normal.outcome(
        of: $0[window], after: UnsafeBufferPointer(rebasing: $0[..<window]), by: predictor)
    }
    guard let found else { return nil }
    let outcome = SurpriseCache.Outcome(surprise: found.surprise, rank: found.rank)
    surprises.insert(outcome, for: tokens)
    return outcome
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
