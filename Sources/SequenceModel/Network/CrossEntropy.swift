import SIMDKernels

/// The cross-entropy of windows, several of which may share a row of logits.
struct CrossEntropy {
  let kernels: Kernels
  let windows: Int
  let classes: Int
  /// Row of logits of each window.
  let rowOfWindow: (Int) -> Int
  /// What is to be learned of each window; -1 counts nothing.
  let target: (Int) -> Int32
  let weight: (Int) -> Float

  /// Σ weight · −ln p(target) in nats; the logits `[rows, classes]` become log-probabilities.
  func loss(rows: Int, _ logits: UnsafeMutablePointer<Float>) -> Double {
    simd_log_softmax(kernels.ops, rows, classes, logits)
    var loss = 0.0
    for window in 0..<windows {
      let target = Int(target(window))
      guard target >= 0 else { continue }
      loss -=
        Double(weight(window)) * Double(logits[rowOfWindow(window) * classes + target])
    }
    return loss
  }

  /// Turns the log-probabilities that `loss` left into the loss's gradient by the logits, Σ weight ·
  /// (p − one-hot target) over the windows of a row. `rowWeights` has room for a float a row.
  func gradient(
    rows: Int, _ logits: UnsafeMutablePointer<Float>, rowWeights: UnsafeMutablePointer<Float>
  ) {
    simd_exp(kernels.ops, rows * classes, logits, logits)
    rowWeights.update(repeating: 0, count: rows)
    for window in 0..<windows where target(window) >= 0 {
      rowWeights[rowOfWindow(window)] += weight(window)
    }
    for row in 0..<rows {
      let (gradient, weight) = (logits + row * classes, rowWeights[row])
      for index in 0..<classes { gradient[index] *= weight }
    }
    for window in 0..<windows where target(window) >= 0 {
      logits[rowOfWindow(window) * classes + Int(target(window))] -= weight(window)
    }
  }
}
