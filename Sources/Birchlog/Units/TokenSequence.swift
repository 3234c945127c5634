/// A unit in the networks' tokens, padded on the left by one window so that every context is a
/// plain slice.
struct TokenSequence {
  /// `window` paddings, then a token an event, then the tail's token if there is one.
  let tokens: [Int32]
  /// Index in `tokens` of the first target.
  let firstTarget: Int
  /// Index just behind the last event: the context of the tail ends here.
  let end: Int
  let window: Int

  init(_ unit: Unit, vocabulary: Vocabulary, window: Int) {
    var tokens = [Int32](repeating: Vocabulary.padding, count: window)
    tokens.reserveCapacity(window + unit.events.count + 1)
    for event in unit.events { tokens.append(vocabulary.token(of: event)) }
    end = tokens.count
    switch unit.tail {
    case .none, .open: break
    case .end: tokens.append(vocabulary.end)
    case .event(let event): tokens.append(vocabulary.token(of: event))
    }
    self.tokens = tokens
    self.window = window
    firstTarget = window + unit.contextCount
  }

  /// Positions of the targets in `tokens`.
  var targets: Range<Int> { min(firstTarget, tokens.count)..<tokens.count }

  /// The window before a position.
  func context(before position: Int) -> ArraySlice<Int32> { tokens[(position - window)..<position] }
}
