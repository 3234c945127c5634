import SIMDKernels

/// A `KindClassifier` in training.
final class KindClassifierTraining: TrainableNetwork {
  let importance: [Double]
  private let network: KindClassifierNetwork
  private let training, validation: ClassifierExamples
  private let trainingWeights, validationWeights: ExampleWeights
  private let options: TrainingOptions
  private let projecting: Bool
  private let lanes: GradientLanes
  private let work: [KindClassifierWorkspace]

  /// `weights` overrides what the training examples weigh in the parts of the loss.
  init(
    shape: KindClassifierShape, kernels: Kernels, lossWeights: LossWeights,
    training: ClassifierExamples, validation: ClassifierExamples, options: TrainingOptions,
    weights: ExampleWeights? = nil
  ) {
    let network = KindClassifierNetwork(shape, kernels: kernels, training: true)
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
    projecting = lossWeights.consistency > 0 && shape.featureSize > 0
    lanes = GradientLanes(
      shape: shape.lstm, kernels: kernels, origin: shape.origin,
      parameterCount: shape.layout.count, batchSize: options.batchSize)
    let capacity = min(ChunkPlan.chunkRows, max(training.count * 2, validation.count, 1))
    work = (0..<min(options.threads, ChunkPlan.maximumLanes)).map { _ in
      KindClassifierWorkspace(network, capacity: capacity, length: training.length, training: true)
    }
  }

  func gradient(
    _ parameters: FloatBuffer, _ batch: [BatchEntry], scale: Float, step: UInt64,
    into gradient: FloatBuffer
  ) -> Double {
    network.load(parameters)
    let (network, training, weights) = (network, training, trainingWeights)
    let (options, work, origin, projecting) = (options, work, lanes.origin, projecting)
    return lanes.run(
      rows: batch.count, threads: work.count, parameters: parameters, into: gradient
    ) { chunk, worker, lane in
      let own = work[worker]
      own.gather(training.tokens, training.features, network.shape, rows: chunk) {
        Int(batch[$0].row)
      }
      if let dropout = options.tokenDropout {
        own.lstm.dropTokens(
          TokenDropoutSource(dropout: dropout, seed: options.seed, step: step),
          firstRow: chunk.lowerBound)
      }
      network.forward(
        own, dropout: DropoutSource(seed: options.seed, step: step, firstRow: chunk.lowerBound),
        projecting: projecting)
      let rows = chunk.map { (row: Int(batch[$0].row), factor: batch[$0].share * scale) }
      let loss = Self.loss(network, own, training, weights, rows, keepsGradient: true)
      network.backward(own, projecting: projecting, origin: origin, into: lane)
      return loss
    }
  }

  func validationLoss(_ parameters: FloatBuffer) -> Double? {
    guard validation.count > 0 else { return nil }
    network.load(parameters)
    let (network, validation, weights) = (network, validation, validationWeights)
    let (work, projecting) = (work, projecting)
    let chunks = ChunkPlan.chunks(0..<validation.count)
    let losses = LossBuffer(chunks.count)
    parallel(tasks: chunks.count, threads: work.count) { task, worker in
      let own = work[worker]
      own.gather(validation.tokens, validation.features, network.shape, rows: chunks[task]) { $0 }
      network.forward(own, projecting: projecting)
      let rows = chunks[task].map { (row: $0, factor: Float(1)) }
      losses[task] = Self.loss(network, own, validation, weights, rows, keepsGradient: false)
    }
    return losses.sum
  }

  /// The loss of a chunk after its forward pass; on demand the heads' outputs are turned into their
  /// gradients.
  private static func loss(
    _ network: KindClassifierNetwork, _ work: KindClassifierWorkspace,
    _ examples: ClassifierExamples,
    _ weights: ExampleWeights, _ rows: [(row: Int, factor: Float)], keepsGradient: Bool
  ) -> Double {
    let kernels = network.kernels
    var loss = 0.0
    let heads: [(FloatBuffer, Int, [Int32], [Float])] = [
      (
        work.sequenceHead.output, network.shape.lstm.vocabularySize, examples.nextTokens,
        weights.sequence
      ),
      (work.anomalyHead.output, network.shape.kindCount, examples.kinds, weights.kind),
    ]
    for (logits, classes, targets, weights) in heads {
      let target = { targets[rows[$0].row] }
      let weight = { weights[rows[$0].row] * rows[$0].factor }
      loss += kernels.crossEntropy(
        rows: rows.count, classes: classes, logits: logits.base, target: target, weight: weight)
      guard keepsGradient else { continue }
      kernels.crossEntropyGradient(
        rows: rows.count, classes: classes, logits: logits.base, target: target, weight: weight)
    }
    guard let own = work.consistency else { return loss }
    let size = network.shape.featureSize
    for (index, row) in rows.enumerated() {
      let weight = weights.consistency[row.row] * row.factor
      guard weight > 0 else {
        if keepsGradient {
          (own.output.base + index * size).update(repeating: 0, count: size)
        }
        continue
      }
      loss +=
        Double(weight)
        * consistency(
          own.output.base + index * size, size, examples.features, row.row, kernels, weight: weight)
    }
    return loss
  }

  /// ‖projection − features‖₂ of one example; the projection becomes weight times the norm's
  /// gradient, which is taken as zero where the norm is.
  private static func consistency(
    _ projection: UnsafeMutablePointer<Float>, _ size: Int, _ features: [Float], _ row: Int,
    _ kernels: Kernels, weight: Float
  ) -> Double {
    for column in 0..<size { projection[column] -= features[row * size + column] }
    let norm = simd_dot(kernels.ops, size, projection, projection).squareRoot()
    let factor = norm > 0 ? weight / norm : 0
    for column in 0..<size { projection[column] *= factor }
    return Double(norm)
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
