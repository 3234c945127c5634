import SIMDKernels

/// What a `NextEventModel` says about windows.
public struct NextEventInference: Sendable, Equatable {
  /// ln p of each token after each window, `[count, vocabulary]`.
  public var logProbabilities: [Float]
  /// The last layer's hidden state after each window, h_T, `[count, hidden]`.
  public var hiddenStates: [Float]
}

extension NextEventModel {
  /// Predicts the token after each window and returns the hidden states with the log-probabilities.
  ///
  /// `tokens` are `[count, length]` row-major. Beyond its results it needs a fixed amount of memory
  /// a thread. Repeated windows are computed repeatedly: pass distinct ones. A row's result does
  /// not depend on the rows beside it nor on the number of threads.
  public func infer(
    tokens: [Int32], length: Int, threads: Int = 1
  ) throws(SequenceModelError) -> NextEventInference {
    let count = try requireWindows(
      tokens, length: length, threads: threads, vocabularySize: configuration.vocabularySize)
    let classes = configuration.vocabularySize
    let hidden = configuration.hiddenSize
    let probabilities = try product("logProbabilities", count, classes)
    let states = try product("hiddenStates", count, hidden)
    let chunks = ChunkPlan.chunks(0..<count)
    let workers = max(1, min(threads, chunks.count))
    let work = (0..<workers).map { _ in
      LSTMWorkspace(
        shape: shape.lstm, capacity: min(count, ChunkPlan.chunkRows), length: length,
        training: false)
    }
    let network = network
    let units = shape.lstm.units
    var hiddenStates: [Float] = []
    let logProbabilities = SharedPointer.fill(probabilities) { logits in
      hiddenStates = SharedPointer.fill(states) { states in
        parallel(tasks: chunks.count, threads: threads) { task, worker in
          let chunk = chunks[task]
          let own = work[worker]
          let rows = logits.base + chunk.lowerBound * classes
          own.gather(tokens, rows: chunk) { $0 }
          network.forward(own, into: rows)
          simd_log_softmax(network.kernels.ops, chunk.count, classes, rows)
          copyRows(
            own.top(at: length - 1, units: units), stride: units, rows: chunk, width: hidden,
            to: states)
        }
      }
    }
    return NextEventInference(logProbabilities: logProbabilities, hiddenStates: hiddenStates)
  }
}

/// Checks the arguments of an inference and returns the number of windows.
func requireWindows(
  _ tokens: [Int32], length: Int, threads: Int, vocabularySize: Int
) throws(SequenceModelError) -> Int {
  try requireOption("threads", (1...1024).contains(threads), "1...1024")
  try requireOption(
    "length", (1...Limits.windowLength).contains(length), "1...\(Limits.windowLength)")
  let count = tokens.count / length
  try requireTokens(tokens, rows: count, length: length, vocabularySize: vocabularySize)
  return count
}

/// Copies rows that stand `stride` apart to their places in `[count, width]`.
func copyRows(
  _ source: UnsafePointer<Float>, stride: Int, rows: Range<Int>, width: Int,
  to target: SharedPointer
) {
  for (index, row) in rows.enumerated() {
    (target.base + row * width).update(from: source + index * stride, count: width)
  }
}
