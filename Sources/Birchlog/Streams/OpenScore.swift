/// What the events of a unit that goes on have shown so far: the signs that no later event takes
/// back.
struct OpenScore: Equatable {
  /// The largest surprise, in nats, and the worst rank.
  var surprise: Float = 0
  var rank: Int32 = 0
  /// The run of surprising events at hand, and the largest so far, in nats.
  var run = 0.0
  var largestRun = 0.0
  /// The largest surprisal of an event that came too often.
  var excess: Float = 0
  /// The unit has been called anomalous.
  var isReported = false
  /// What it scored when it was called so.
  var reportedScore = 0.0
  /// Scores up to this are what an operator called harmless.
  var harmlessScore = 0.0

  /// How much more than what is harmless makes the unit anomalous again, in nats (or ranks).
  private static let margin = 1.0

  /// Takes the surprise of one more event.
  ///
  /// - Parameter drift: what a run is counted beyond; 0 where runs are not weighed.
  mutating func add(_ surprise: Float, drift: Double) {
    self.surprise = max(self.surprise, surprise)
    guard drift > 0 else { return }
    run = max(0, run + Double(surprise) - drift)
    largestRun = max(largestRun, run)
  }

  /// The report was about something harmless: what follows may yet be anomalous.
  mutating func withdraw() {
    isReported = false
    harmlessScore = reportedScore + Self.margin
  }
}
