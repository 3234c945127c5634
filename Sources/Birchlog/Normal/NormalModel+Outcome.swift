extension NormalModel {
  /// How surprising a token is after a context, in nats, and its place by probability from 1; the
  /// same as in the score of a unit.
  ///
  /// - Parameters:
  ///   - context: `window` tokens.
  ///   - contexts: those of this model; it remembers this one afterwards.
  func outcome(
    of target: Int32, after context: UnsafePointer<Int32>, in contexts: ContextMemory
  ) -> (surprise: Float, rank: Int32)? {
    guard target != vocabulary.unseen, target >= 0, Int(target) < vocabulary.tokenCount else {
      contexts.require(context)
      return (Self.surpriseLimit, Int32(truncatingIfNeeded: vocabulary.tokenCount))
    }
    guard let probabilities = contexts.logProbabilities(after: context) else { return nil }
    let own = probabilities[Int(target)]
    var rank: Int32 = 1
    for value in probabilities where value > own { rank += 1 }
    return (min(max(-own, 0), Self.surpriseLimit), rank)
  }
}
