extension NormalModel {
  /// How surprising a token is after a context, in nats, and its place by probability from 1; the
  /// same as in the score of a unit.
  ///
  /// - Parameter context: `window` tokens.
  func outcome(
    of target: Int32, after context: [Int32]
  ) throws(BirchlogError) -> (surprise: Float, rank: Int32) {
    guard target != vocabulary.unseen, target >= 0, Int(target) < vocabulary.tokenCount else {
      return (Self.surpriseLimit, Int32(truncatingIfNeeded: vocabulary.tokenCount))
    }
    let probabilities = try logProbabilities(after: context)
    let own = probabilities[Int(target)]
    return (
      min(max(-own, 0), Self.surpriseLimit),
      probabilities.reduce(into: Int32(1)) { rank, value in if value > own { rank += 1 } }
    )
  }
}
