import SIMDKernels

extension Kernels {
  /// Cross-entropy of logits `[rows, classes]`, which become log-probabilities; returns Σ weight ·
  /// −ln p(target), in nats.
  ///
  /// A target of -1 counts nothing.
  func crossEntropy(
    rows: Int, classes: Int, logits: UnsafeMutablePointer<Float>, target: (Int) -> Int32,
    weight: (Int) -> Float
  ) -> Double {
    simd_log_softmax(ops, rows, classes, logits)
    var loss = 0.0
    for row in 0..<rows where target(row) >= 0 {
      loss -= Double(weight(row)) * Double(logits[row * classes + Int(target(row))])
    }
    return loss
  }

  /// Turns the log-probabilities that `crossEntropy` left into its gradient by the logits: weight ·
  /// (p − one-hot target).
  func crossEntropyGradient(
    rows: Int, classes: Int, logits: UnsafeMutablePointer<Float>, target: (Int) -> Int32,
    weight: (Int) -> Float
  ) {
    simd_exp(ops, rows * classes, logits, logits)
    for row in 0..<rows {
      let gradient = logits + row * classes
      let target = Int(target(row))
      let weight = target >= 0 ? weight(row) : 0
      if target >= 0 { gradient[target] -= 1 }
      for index in 0..<classes { gradient[index] *= weight }
    }
  }
}
