/// What a `KindClassifier` says about windows with features.
public struct KindInference: Sendable, Equatable {
  /// Scores of the next token before softmax, `[count, vocabulary]`.
  public var sequenceLogits: [Float]
  /// Scores of the kinds before softmax, `[count, kinds]`.
  public var kindLogits: [Float]
  /// How much the last position attends to each, `[count, heads, length]`, summing to 1 over the
  /// length; empty without attention.
  public var attention: [Float]
  /// The last layer's hidden state after each window, h_T, `[count, hidden]`.
  public var hiddenStates: [Float]
}

extension KindClassifier {
  /// Classifies windows, `tokens` `[count, length]`, with their external `features` `[count,
  /// featureSize]`, both row-major.
  ///
  /// What windows have in common at their beginning is computed once. Beyond its results it needs
  /// `length` + 3 numbers a window and a fixed amount of memory a thread. A row's result depends
  /// neither on the rows beside it nor on the number of threads.
  public func infer(
    tokens: [Int32], length: Int, features: [Float], threads: Int = 1
  ) throws(SequenceModelError) -> KindInference {
    let count = try requireWindows(
      tokens, length: length, threads: threads, vocabularySize: configuration.vocabularySize)
    try requireFeatures(features, rows: count, featureSize: configuration.featureSize)
    let widths = [
      configuration.vocabularySize, configuration.kindCount,
      try product("attention", configuration.attentionHeads, length), configuration.hiddenSize,
    ]
    var sizes: [Int] = []
    for width in widths { sizes.append(try product("results", count, width)) }
    let order = WindowOrder(tokens: tokens, length: length)
    let chunks = ChunkPlan.chunks(order, threads: threads)
    let workers = max(1, min(threads, chunks.count))
    let network = network
    let capacity = ChunkCapacity(count: count, length: length)
    let results = sizes.map { FloatBuffer($0) }
    let targets = results.map { SharedPointer(base: $0.base) }
    network.workspaces.with(workers: workers, capacity: capacity, length: length) { work in
      parallel(tasks: chunks.count, threads: threads) { task, worker in
        let own = work[worker]
        let windows = order.rows[chunks[task]]
        own.load(order, features, network.shape, places: chunks[task]) { $0 }
        network.forward(own)
        let leaves = UnsafePointer(own.lstm.leaves)
        let sources: [(UnsafePointer<Float>?, stride: Int, rows: UnsafePointer<Int32>?)] = [
          (UnsafePointer(own.sequenceHead.output.base), widths[0], leaves),
          (UnsafePointer(own.anomalyHead.output.base), widths[1], nil),
          (own.attention.map { UnsafePointer($0.weights.base) }, widths[2], leaves),
          (UnsafePointer(own.lstm.top), network.shape.lstm.units, leaves),
        ]
        for (index, source) in sources.enumerated() {
          guard let base = source.0 else { continue }
          copyRows(
            base, stride: source.stride, source.rows, width: widths[index], to: targets[index],
            windows: windows)
        }
      }
    }
    return KindInference(
      sequenceLogits: results[0].array, kindLogits: results[1].array, attention: results[2].array,
      hiddenStates: results[3].array)
  }
}

extension KindClassifierWorkspace {
  /// Takes the windows at some places of an order, and their features; `row` gives the row of
  /// `features` that belongs to a window.
  func load(
    _ order: WindowOrder, _ features: [Float], _ shape: KindClassifierShape, places: Range<Int>,
    row: (Int) -> Int
  ) {
    lstm.load(order, places: places)
    let size = shape.featureSize
    for (index, window) in order.rows[places].enumerated() {
      let target = combined.base + index * shape.combinedWidth + shape.lstm.hiddenSize
      let start = row(Int(window)) * size
      for column in 0..<size { target[column] = features[start + column] }
    }
  }
}
