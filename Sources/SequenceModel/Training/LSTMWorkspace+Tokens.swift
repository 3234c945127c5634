/// Where token dropout takes its randomness from.
struct TokenDropoutSource {
  let dropout: TokenDropout
  let seed: UInt64
  let step: UInt64
}

extension LSTMWorkspace {
  /// Takes the windows of a chunk, `[rows, time]` scattered over `tokens`, and lays them out time
  /// by time.
  func gather(_ tokens: [Int32], rows chunk: Range<Int>, row: (Int) -> Int) {
    rows = chunk.count
    for index in 0..<rows {
      let start = row(chunk.lowerBound + index) * length
      for time in 0..<length { self.tokens[time * rows + index] = tokens[start + time] }
    }
  }

  /// Replaces tokens at random; a row's stream depends on its place in the batch alone.
  func dropTokens(_ source: TokenDropoutSource, firstRow: Int) {
    let threshold = UInt64((Double(source.dropout.probability) * 0x1p32).rounded())
    for index in 0..<rows {
      var generator = SeededGenerator(source.seed, 4, source.step, UInt64(firstRow + index))
      for time in 0..<length where generator.next() >> 32 < threshold {
        tokens[time * rows + index] = source.dropout.replacementToken
      }
    }
  }
}
