import SIMDKernels

/// A `NextEventModel` in training.
final class NextEventTraining: TrainableNetwork {
  let importance: [Double]
  private let network: NextEventNetwork
  private let training, validation: WeightedWindows
  /// Weights of the windows, which sum to 1.
  private let trainingWeights, validationWeights: [Float]
  private let options: TrainingOptions
  private let lanes: GradientLanes
  private let work: [Work]

  /// What one worker needs.
  private final class Work: @unchecked Sendable {
    let lstm: LSTMWorkspace
    let logits, scratch: FloatBuffer

    init(_ network: NextEventNetwork, capacity: Int, length: Int) {
      let shape = network.shape
      lstm = LSTMWorkspace(
        shape: shape.lstm, capacity: capacity, length: length, training: true)
      logits = FloatBuffer(capacity * shape.lstm.vocabularySize)
      scratch = FloatBuffer(network.classifier.scratchCount(rows: capacity))
    }
  }

  init(
    shape: NextEventShape, kernels: Kernels, training: WeightedWindows, validation: WeightedWindows,
    options: TrainingOptions
  ) {
    let network = NextEventNetwork(shape, kernels: kernels, training: true)
    self.network = network
    self.training = training
    self.validation = validation
    self.options = options
    trainingWeights = normalised(training.weights)
    validationWeights = normalised(validation.weights)
    importance = trainingWeights.map(Double.init)
    lanes = GradientLanes(
      shape: shape.lstm, kernels: kernels, origin: shape.origin,
      parameterCount: shape.layout.count, batchSize: options.batchSize)
    let capacity = min(ChunkPlan.chunkRows, max(training.count * 2, validation.count, 1))
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
    let last = training.length - 1
    return lanes.run(
      rows: batch.count, threads: work.count, parameters: parameters, into: gradient
    ) { chunk, worker, lane in
      let own = work[worker]
      let lstm = own.lstm
      lstm.gather(training.tokens, rows: chunk) { Int(batch[$0].row) }
      if let dropout = options.tokenDropout {
        lstm.dropTokens(
          TokenDropoutSource(dropout: dropout, seed: options.seed, step: step),
          firstRow: chunk.lowerBound)
      }
      network.forward(
        lstm, dropout: DropoutSource(seed: options.seed, step: step, firstRow: chunk.lowerBound),
        into: own.logits.base)
      let target = { (row: Int) in training.targets[Int(batch[chunk.lowerBound + row].row)] }
      let weight = { (row: Int) in
        let entry = batch[chunk.lowerBound + row]
        return weights[Int(entry.row)] * entry.share * scale
      }
      let loss = network.kernels.crossEntropy(
        rows: chunk.count, classes: classes, logits: own.logits.base, target: target,
        weight: weight)
      network.kernels.crossEntropyGradient(
        rows: chunk.count, classes: classes, logits: own.logits.base, target: target,
        weight: weight)
      network.classifier.addGradient(
        rows: chunk.count, own.logits.base, yRow: classes, lstm.top(at: last, units: units),
        xRow: units, to: lane.rest.base, origin: origin, scratch: own.scratch)
      lstm.clearTopGradient(units: units)
      network.classifier.backward(
        rows: chunk.count, own.logits.base, yRow: classes,
        into: lstm.topGradient(at: last, units: units), xRow: units, accumulate: false)
      network.lstm.backward(lstm, into: lane.lstm)
      return loss
    }
  }

  func validationLoss(_ parameters: FloatBuffer) -> Double? {
    guard validation.count > 0 else { return nil }
    network.load(parameters)
    let (network, validation, weights, work) = (network, validation, validationWeights, work)
    let chunks = ChunkPlan.chunks(0..<validation.count)
    let losses = LossBuffer(chunks.count)
    parallel(tasks: chunks.count, threads: work.count) { task, worker in
      let chunk = chunks[task]
      let own = work[worker]
      own.lstm.gather(validation.tokens, rows: chunk) { $0 }
      network.forward(own.lstm, into: own.logits.base)
      losses[task] = network.kernels.crossEntropy(
        rows: chunk.count, classes: network.shape.lstm.vocabularySize, logits: own.logits.base,
        target: { validation.targets[chunk.lowerBound + $0] },
        weight: { weights[chunk.lowerBound + $0] })
    }
    return losses.sum
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
}
