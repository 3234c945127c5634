import SIMDKernels

/// A `NextEventModel` in training.
final class NextEventTraining: TrainableNetwork {
  let importance: [Double]
  private let network: NextEventNetwork
  private let training, validation: WeightedWindows
  /// Weights of the windows, which sum to 1.
  private let trainingWeights, validationWeights: [Float]
  private let validationOrder: WindowOrder
  private let options: TrainingOptions
  private let lanes: GradientLanes
  private let work: [Work]

  /// What one worker needs.
  private final class Work: @unchecked Sendable {
    let lstm: LSTMWorkspace
    let logits, rowWeights, scratch: FloatBuffer

    init(_ network: NextEventNetwork, capacity: ChunkCapacity, length: Int) {
      let shape = network.shape
      lstm = LSTMWorkspace(
        shape: shape.lstm, capacity: capacity, length: length, training: true)
      logits = FloatBuffer(capacity.rows * shape.lstm.vocabularySize)
      rowWeights = FloatBuffer(capacity.rows)
      scratch = FloatBuffer(network.classifier.scratchCount(rows: capacity.rows))
    }
  }

  init(
    shape: NextEventShape, kernels: Kernels, training: WeightedWindows, validation: WeightedWindows,
    options: TrainingOptions
  ) {
    let network = NextEventNetwork(
      shape, kernels: kernels, training: true, precision: options.precision)
    self.network = network
    self.training = training
    self.validation = validation
    self.options = options
    trainingWeights = normalised(training.weights)
    validationWeights = normalised(validation.weights)
    importance = trainingWeights.map(Double.init)
    validationOrder = WindowOrder(tokens: validation.tokens, length: training.length)
    lanes = GradientLanes(
      shape: shape.lstm, kernels: kernels, origin: shape.origin,
      parameterCount: shape.layout.count, batchSize: options.batchSize, length: training.length)
    let capacity = ChunkCapacity(
      count: max(options.batchSize, validation.count), length: training.length)
    work = (0..<min(options.threads, ChunkPlan.maximumLanes)).map { _ in
      Work(network, capacity: capacity, length: training.length)
    }
  }

  func gradient(
    _ parameters: FloatBuffer, _ batch: [BatchEntry], scale: Float, step: UInt64,
    into gradient: FloatBuffer
  ) -> Double {
    network.load(parameters)
    let (network, training, weights) = (network, training, trainingWeights)
    let (options, work, origin) = (options, work, lanes.origin)
    let classes = network.shape.lstm.vocabularySize
    let units = network.shape.lstm.units
    let order = WindowOrder(
      batch, of: training.tokens, length: training.length,
      dropout: options.tokenDropout.map {
        TokenDropoutSource(dropout: $0, seed: options.seed, step: step)
      })
    return lanes.run(order, threads: work.count, parameters: parameters, into: gradient) {
      places, worker, lane in
      let own = work[worker]
      let lstm = own.lstm
      lstm.load(order, places: places)
      network.forward(
        lstm, dropout: DropoutSource(seed: options.seed, step: step, firstPlace: places.lowerBound),
        into: own.logits.base)
      let entry = { (window: Int) in batch[Int(order.rows[places.lowerBound + window])] }
      let entropy = CrossEntropy(
        kernels: network.kernels, windows: places.count, classes: classes,
        rowOfWindow: { Int(lstm.leaves[$0]) }, target: { training.targets[Int(entry($0).row)] },
        weight: { weights[Int(entry($0).row)] * entry($0).share * scale })
      let leaves = lstm.leafCount
      let loss = entropy.loss(rows: leaves, own.logits.base)
      entropy.gradient(rows: leaves, own.logits.base, rowWeights: own.rowWeights.base)
      network.classifier.addGradient(
        rows: leaves, own.logits.base, yRow: classes, lstm.top, xRow: units, to: lane.rest.base,
        origin: origin, scratch: own.scratch)
      lstm.clearTopGradient()
      network.classifier.backward(
        rows: leaves, own.logits.base, yRow: classes, into: lstm.leafGradient, xRow: units,
        accumulate: false)
      if let sums = lane.lstm { network.lstm.backward(lstm, into: sums) }
      return loss
    }
  }

  func validationLoss(_ parameters: FloatBuffer, goesOn: () -> Bool) -> Double? {
    guard validation.count > 0 else { return nil }
    network.load(parameters)
    let (network, validation, weights, work) = (network, validation, validationWeights, work)
    let order = validationOrder
    let chunks = ChunkPlan.chunks(order, places: 0..<order.count)
    return LossBuffer.sum(chunks.count, threads: work.count, goesOn: goesOn) { task, worker in
      let places = chunks[task]
      let own = work[worker]
      own.lstm.load(order, places: places)
      network.forward(own.lstm, into: own.logits.base)
      let row = { (window: Int) in Int(order.rows[places.lowerBound + window]) }
      return CrossEntropy(
        kernels: network.kernels, windows: places.count,
        classes: network.shape.lstm.vocabularySize, rowOfWindow: { Int(own.lstm.leaves[$0]) },
        target: { validation.targets[row($0)] }, weight: { weights[row($0)] }
      ).loss(rows: own.lstm.leafCount, own.logits.base)
    }
  }
}

/// Weights divided by their sum.
func normalised(_ weights: [Float]) -> [Float] {
  let total = weights.reduce(0.0) { $0 + Double($1) }
  return total > 0 ? weights.map { Float(Double($0) / total) } : weights
}

/// Losses of chunks that threads write apart, summed up in order.
final class LossBuffer: @unchecked Sendable {
  private let values: UnsafeMutablePointer<Double>
  private let count: Int

  init(_ count: Int) {
    self.count = count
    values = .allocate(capacity: max(count, 1))
    values.initialize(repeating: 0, count: max(count, 1))
  }

  deinit {
    values.deallocate()
  }

  subscript(index: Int) -> Double {
    get { values[index] }
    set { values[index] = newValue }
  }

  var sum: Double {
    UnsafeBufferPointer(start: values, count: count).reduce(0, +)
  }

  /// Chunks a thread computes between two questions whether to go on.
  private static let stretch = 8

  /// The sum of what `loss` says of each chunk; nil when `goesOn` says no.
  static func sum(
    _ chunks: Int, threads: Int, goesOn: () -> Bool,
    _ loss: @escaping @Sendable (_ chunk: Int, _ worker: Int) -> Double
  ) -> Double? {
    let losses = LossBuffer(chunks)
    for first in stride(from: 0, to: chunks, by: stretch * threads) {
      parallel(tasks: min(stretch * threads, chunks - first), threads: threads) { task, worker in
        losses[first + task] = loss(first + task, worker)
      }
      guard goesOn() else { return nil }
    }
    return losses.sum
  }
}
