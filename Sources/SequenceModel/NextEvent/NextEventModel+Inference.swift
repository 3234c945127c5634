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
  /// `tokens` are `[count, length]` row-major. Equal windows are computed once, and so is what
  /// windows have in common at their beginning. Beyond its results it needs `length` + 3 numbers a
  /// window and a fixed amount of memory a thread. A row's result does not depend on the rows beside
  /// it nor on the number of threads.
  public func infer(
    tokens: [Int32], length: Int, threads: Int = 1
  ) throws(SequenceModelError) -> NextEventInference {
    let count = try requireWindows(
      tokens, length: length, threads: threads, vocabularySize: configuration.vocabularySize)
    let classes = configuration.vocabularySize
    let hidden = configuration.hiddenSize
    let probabilities = try product("logProbabilities", count, classes)
    let states = try product("hiddenStates", count, hidden)
    let order = WindowOrder(tokens: tokens, length: length)
    let chunks = ChunkPlan.chunks(order, threads: threads)
    let workers = max(1, min(threads, chunks.count))
    let capacity = ChunkCapacity(count: count, length: length)
    let network = network
    let units = shape.lstm.units
    return network.workspaces.with(workers: workers, capacity: capacity, length: length) { work in
      var hiddenStates: [Float] = []
      let logProbabilities = SharedPointer.fill(probabilities) { logits in
        hiddenStates = SharedPointer.fill(states) { states in
          parallel(tasks: chunks.count, threads: threads) { task, worker in
            let (own, leafLogits) = (work[worker].lstm, work[worker].logits.base)
            own.load(order, places: chunks[task])
            network.lstm.forward(own)
            network.logProbabilities(rows: own.leafCount, own.top, xRow: units, into: leafLogits)
            let windows = order.rows[chunks[task]]
            copyRows(
              leafLogits, stride: classes, own.leaves, width: classes, to: logits,
              windows: windows)
            copyRows(
              own.top, stride: units, own.leaves, width: hidden, to: states, windows: windows)
          }
        }
      }
      return NextEventInference(logProbabilities: logProbabilities, hiddenStates: hiddenStates)
    }
  }

  /// What ``infer(tokens:length:threads:)`` says about windows of which the last layer's hidden states
  /// are known, `[count, hidden]`.
  public func infer(
    hiddenStates states: [Float]
  ) throws(SequenceModelError) -> NextEventInference {
    let count = states.count / configuration.hiddenSize
    try requireOption(
      "hiddenStates.count", states.count == count * configuration.hiddenSize,
      "a multiple of \(configuration.hiddenSize)")
    let size = try product("logProbabilities", count, configuration.vocabularySize)
    let logProbabilities = SharedPointer.fill(size) { result in
      states.withUnsafeBufferPointer { states in
        guard let base = states.baseAddress else { return }
        network.logProbabilities(
          rows: count, base, xRow: configuration.hiddenSize, into: result.base)
      }
    }
    return NextEventInference(logProbabilities: logProbabilities, hiddenStates: states)
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

/// Copies rows that stand `stride` apart to their windows' places in `[count, width]`; `rows` says
/// which row is whose, or each window has its own.
func copyRows(
  _ source: UnsafePointer<Float>, stride: Int, _ rows: UnsafePointer<Int32>?, width: Int,
  to target: SharedPointer, windows: ArraySlice<Int32>
) {
  for (index, window) in windows.enumerated() {
    let row = rows.map { Int($0[index]) } ?? index
    (target.base + Int(window) * width).update(from: source + row * stride, count: width)
  }
}
