/// Where token dropout takes its randomness from.
struct TokenDropoutSource {
  let dropout: TokenDropout
  let seed: UInt64
  let step: UInt64
}

extension WindowOrder {
  /// The windows of a batch, row N being the batch's entry N. Tokens are replaced at random before
  /// the windows are ordered: a window's stream depends on its place in the batch alone.
  init(
    _ batch: [BatchEntry], of tokens: [Int32], length: Int, dropout: TokenDropoutSource? = nil
  ) {
    var windows: [Int32] = []
    windows.reserveCapacity(batch.count * length)
    for entry in batch {
      let start = Int(entry.row) * length
      windows.append(contentsOf: tokens[start..<start + length])
    }
    if let dropout { Self.drop(&windows, length: length, dropout) }
    self.init(tokens: windows, length: length)
  }

  private static func drop(_ windows: inout [Int32], length: Int, _ source: TokenDropoutSource) {
    let threshold = UInt64((Double(source.dropout.probability) * 0x1p32).rounded())
    for row in 0..<windows.count / length {
      var generator = SeededGenerator(source.seed, 4, source.step, UInt64(row))
      for position in row * length..<(row + 1) * length
      where generator.next() >> 32 < threshold {
        windows[position] = source.dropout.replacementToken
      }
    }
  }
}
