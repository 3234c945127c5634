import SIMDKernels

/// A `KindClassifier` in training.
final class KindClassifierTraining: TrainableNetwork {
  let importance: [Double]
  private let network: KindClassifierNetwork
  private let training, validation: ClassifierExamples
  private let trainingWeights, validationWeights: ExampleWeights
  private let validationOrder: WindowOrder
  private let options: TrainingOptions
  private let projecting: Bool
  private let lanes: GradientLanes
  private let work: [KindClassifierWorkspace]

  /// `weights` overrides what the training examples weigh in the parts of the loss.
  init(
    shape: KindClassifierShape, encoder: NextEventModel?, kernels: Kernels,
    lossWeights: LossWeights, training: ClassifierExamples, validation: ClassifierExamples,
    options: TrainingOptions, weights: ExampleWeights? = nil
  ) {
    let network = KindClassifierNetwork(
      shape, encoder: encoder, kernels: kernels, training: true, precision: options.precision)
    self.network = network
    self.training = training
    self.validation = validation
    self.options = options
    trainingWeights =
      weights
      ?? ExampleWeights(
        training, lossWeights: lossWeights, kindCount: shape.kindCount,
        featureSize: shape.featureSize)
    validationWeights = ExampleWeights(
      validation, lossWeights: lossWeights, kindCount: shape.kindCount,
      featureSize: shape.featureSize)
    importance = trainingWeights.importance
    validationOrder = WindowOrder(tokens: validation.tokens, length: training.length)
    projecting = lossWeights.consistency > 0 && shape.featureSize > 0
    lanes = GradientLanes(
      shape: shape.lstm, kernels: kernels, origin: shape.origin,
      parameterCount: shape.layout.count, batchSize: options.batchSize, length: training.length)
    let capacity = ChunkCapacity(
      count: max(options.batchSize, validation.count), length: training.length)
    work = (0..<min(options.threads, ChunkPlan.maximumLanes)).map { _ in
      KindClassifierWorkspace(
        shape, capacity: capacity, length: training.length,
        scratchCount: network.scratchCount(rows: capacity.rows))
    }
  }

  func gradient(
    _ parameters: FloatBuffer, _ batch: [BatchEntry], scale: Float, step: UInt64,
    into gradient: FloatBuffer
  ) -> Double {
    network.load(parameters)
    let (network, training, weights) = (network, training, trainingWeights)
    let (options, work, origin, projecting) = (options, work, lanes.origin, projecting)
    let order = WindowOrder(
      batch, of: training.tokens, length: training.length,
      dropout: options.tokenDropout.map {
        TokenDropoutSource(dropout: $0, seed: options.seed, step: step)
      })
    return lanes.run(order, threads: work.count, parameters: parameters, into: gradient) {
      places, worker, lane in
      let own = work[worker]
      own.load(order, training.features, network.shape, places: places) { Int(batch[$0].row) }
      network.forward(
        own, dropout: DropoutSource(seed: options.seed, step: step, firstPlace: places.lowerBound),
        projecting: projecting)
      let rows = order.rows[places].map {
        (row: Int(batch[Int($0)].row), factor: batch[Int($0)].share * scale)
      }
      let loss = Self.loss(network, own, training, weights, rows, keepsGradient: true)
      network.backward(own, projecting: projecting, origin: origin, into: lane)
      return loss
    }
  }

  func validationLoss(_ parameters: FloatBuffer, goesOn: () -> Bool) -> Double? {
    guard validation.count > 0 else { return nil }
    network.load(parameters)
    let (network, validation, weights) = (network, validation, validationWeights)
    let (work, projecting, order) = (work, projecting, validationOrder)
    let chunks = ChunkPlan.chunks(order, places: 0..<order.count)
    return LossBuffer.sum(chunks.count, threads: work.count, goesOn: goesOn) { task, worker in
      let own = work[worker]
      own.load(order, validation.features, network.shape, places: chunks[task]) { $0 }
      network.forward(own, projecting: projecting)
      let rows = order.rows[chunks[task]].map { (row: Int($0), factor: Float(1)) }
      return Self.loss(network, own, validation, weights, rows, keepsGradient: false)
    }
  }

  /// The loss of a chunk after its forward pass; on demand the heads' outputs are turned into their
  /// gradients.
  private static func loss(
    _ network: KindClassifierNetwork, _ work: KindClassifierWorkspace,
    _ examples: ClassifierExamples, _ weights: ExampleWeights, _ rows: [(row: Int, factor: Float)],
    keepsGradient: Bool
  ) -> Double {
    let leaves = work.lstm.leaves
    let sequence = CrossEntropy(
      kernels: network.kernels, windows: rows.count, classes: network.shape.lstm.vocabularySize,
      rowOfWindow: { Int(leaves[$0]) }, target: { examples.nextTokens[rows[$0].row] },
      weight: { weights.sequence[rows[$0].row] * rows[$0].factor })
    let kind = CrossEntropy(
      kernels: network.kernels, windows: rows.count, classes: network.shape.kindCount,
      rowOfWindow: { $0 }, target: { examples.kinds[rows[$0].row] },
      weight: { weights.kind[rows[$0].row] * rows[$0].factor })
    let sequenceLogits = work.sequenceHead.output.base
    let kindLogits = work.anomalyHead.output.base
    let leafCount = work.lstm.leafCount
    let loss =
      sequence.loss(rows: leafCount, sequenceLogits) + kind.loss(rows: rows.count, kindLogits)
    if keepsGradient {
      sequence.gradient(rows: leafCount, sequenceLogits, rowWeights: work.rowWeights.base)
      kind.gradient(rows: rows.count, kindLogits, rowWeights: work.rowWeights.base)
    }
    guard let projection = work.consistency?.output else { return loss }
    return loss
      + consistency(
        network, work, projection, examples, weights, rows, keepsGradient: keepsGradient)
  }

  /// Σ weight · ‖projection − features‖₂; on demand the projections become the sum of the norms'
  /// gradients, which are taken as zero where a norm is.
  private static func consistency(
    _ network: KindClassifierNetwork, _ work: KindClassifierWorkspace, _ projection: FloatBuffer,
    _ examples: ClassifierExamples, _ weights: ExampleWeights, _ rows: [(row: Int, factor: Float)],
    keepsGradient: Bool
  ) -> Double {
    let size = network.shape.featureSize
    let gradients = work.projectionGradient.base
    let count = work.lstm.leafCount * size
    if keepsGradient { gradients.update(repeating: 0, count: count) }
    var loss = 0.0
    for (window, row) in rows.enumerated() {
      let weight = weights.consistency[row.row] * row.factor
      guard weight > 0 else { continue }
      let leaf = Int(work.lstm.leaves[window]) * size
      let features = row.row * size
      var square: Float = 0
      for column in 0..<size {
        let difference = projection.base[leaf + column] - examples.features[features + column]
        square += difference * difference
      }
      let norm = square.squareRoot()
      loss += Double(weight) * Double(norm)
      guard keepsGradient, norm > 0 else { continue }
      let factor = weight / norm
      for column in 0..<size {
        let difference = projection.base[leaf + column] - examples.features[features + column]
        gradients[leaf + column] += factor * difference
      }
    }
    if keepsGradient { projection.base.update(from: gradients, count: count) }
    return loss
  }
}

extension ExampleWeights {
  /// Takes the weights of each part as they are.
  init(sequence: [Float], kind: [Float], consistency: [Float]) {
    self.sequence = sequence
    self.kind = kind
    self.consistency = consistency
  }
}
