/// What the events of a unit that goes on have shown so far: the signs that no later event takes
/// back.
struct OpenScore: Equatable {
  /// The largest surprise, in nats, and the worst rank.
  var surprise: Float = 0
  var rank: Int32 = 0
  /// The largest surprisal of an event that came too often.
  var excess: Float = 0
  /// The unit has been called anomalous.
  var isReported = false
}
