/// How much the classifier looked at one position of a unit.
struct Attended: Sendable {
  /// Position among the unit's events; their number for the end.
  var position: Int
  /// Attention of each head, `[heads]`; each head's sums to 1 over all positions and the padding.
  var heads: [Float]

  var mean: Double {
    heads.isEmpty ? 0 : heads.reduce(0) { $0 + Double($1) } / Double(heads.count)
  }
}

extension Model {
  /// Attention by position of the unit, ascending; the padding before a short unit is left out.
  func attended(_ unit: Unit, verdict: Verdict) -> [Attended] {
    let window = options.window
    guard window > 0, !verdict.attention.isEmpty else { return [] }
    let heads = verdict.attention.count / window
    let sequence = TokenSequence(unit, vocabulary: normal.vocabulary, window: window)
    let end = ClassifierWindow.end(of: unit, decisive: verdict.decisive, sequence: sequence)
    return (0..<window).compactMap { index in
      // `window` paddings stand before the unit's first event.
      let position = end - window + index - window
      guard position >= 0 else { return nil }
      return Attended(
        position: position,
        heads: (0..<heads).map { verdict.attention[$0 * window + index] })
    }
  }
}
