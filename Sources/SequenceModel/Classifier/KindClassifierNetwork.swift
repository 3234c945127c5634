import SIMDKernels

/// A `KindClassifier`'s weights as the kernels read them; immutable once loaded, apart from
/// training.
final class KindClassifierNetwork: @unchecked Sendable {
  let shape: KindClassifierShape
  let kernels: Kernels
  /// Of the network itself, or of the model that it shares an encoder with.
  private let lstm: PackedLSTM
  private let attention: PackedAttention?
  private let sequenceHead, anomalyHead: PackedPerceptron
  private let consistency: PackedPerceptron?
  let workspaces: WorkspacePool<KindClassifierWorkspace>

  init(
    _ shape: KindClassifierShape, encoder: NextEventModel?, kernels: Kernels, training: Bool,
    precision: TrainingPrecision = .fastest
  ) {
    self.shape = shape
    self.kernels = kernels
    lstm =
      encoder?.network.lstm
      ?? PackedLSTM(
        shape: shape.lstm, kernels: kernels, training: training, precision: precision)
    attention = shape.attention.map {
      PackedAttention($0, kernels: kernels, training: training)
    }
    sequenceHead = PackedPerceptron(shape.sequenceHead, kernels: kernels, training: training)
    anomalyHead = PackedPerceptron(shape.anomalyHead, kernels: kernels, training: training)
    consistency = shape.consistency.map {
      PackedPerceptron($0, kernels: kernels, training: training)
    }
    workspaces = WorkspacePool { KindClassifierWorkspace(shape, capacity: $0, length: $1) }
  }

  convenience init(
    _ shape: KindClassifierShape, encoder: NextEventModel?, kernels: Kernels, values: [Float]
  ) {
    self.init(shape, encoder: encoder, kernels: kernels, training: false)
    load(FloatBuffer(values))
  }

  func load(_ parameters: FloatBuffer) {
    if shape.ownsEncoder { lstm.load(parameters.base) }
    attention?.load(parameters.base)
    sequenceHead.load(parameters.base)
    anomalyHead.load(parameters.base)
    consistency?.load(parameters.base)
  }

  /// Runs a chunk that `work.lstm` holds and whose external features are in their columns of
  /// `work.combined`.
  ///
  /// Afterwards the heads' workspaces hold the logits, those of the sequence head a row a leaf, and
  /// that of the consistency head, if asked for, the projected hidden state of each leaf.
  func forward(
    _ work: KindClassifierWorkspace, dropout: DropoutSource? = nil, projecting: Bool = false
  ) {
    let leaves = work.lstm.leafCount
    let hidden = shape.lstm.hiddenSize
    let units = shape.lstm.units
    lstm.forward(work.lstm, dropout: shape.ownsEncoder ? dropout : nil)
    if let attention, let own = work.attention {
      attention.forward(work.lstm, own, into: work.features.base)
    } else {
      for leaf in 0..<leaves {
        (work.features.base + leaf * hidden)
          .update(from: work.lstm.top + leaf * units, count: hidden)
      }
    }
    for row in 0..<work.lstm.rows {
      (work.combined.base + row * shape.combinedWidth)
        .update(from: work.features.base + Int(work.lstm.leaves[row]) * hidden, count: hidden)
    }
    sequenceHead.forward(rows: leaves, work.features.base, xRow: hidden, work.sequenceHead)
    anomalyHead.forward(
      rows: work.lstm.rows, work.combined.base, xRow: shape.combinedWidth, work.anomalyHead)
    if projecting, let consistency, let own = work.consistency {
      consistency.forward(rows: leaves, work.lstm.top, xRow: units, own)
    }
  }

  /// Takes the gradients that stand in the heads' outputs to all parameters; a shared encoder's are
  /// not among them.
  func backward(
    _ work: KindClassifierWorkspace, projecting: Bool, origin: Int, into lane: GradientLane
  ) {
    let leaves = work.lstm.leafCount
    let hidden = shape.lstm.hiddenSize
    let units = shape.lstm.units
    let rest = lane.rest.base
    let learnsEncoder = shape.ownsEncoder
    if learnsEncoder { work.lstm.clearTopGradient() }
    work.featureGradient.clear()
    work.combinedGradient.clear()
    if projecting, let consistency, let own = work.consistency {
      consistency.backward(
        rows: leaves, work.lstm.top, xRow: units, own,
        into: learnsEncoder ? work.lstm.leafGradient : nil, to: rest, origin: origin,
        scratch: work.scratch)
    }
    anomalyHead.backward(
      rows: work.lstm.rows, work.combined.base, xRow: shape.combinedWidth, work.anomalyHead,
      into: work.combinedGradient.base, to: rest, origin: origin, scratch: work.scratch)
    for row in 0..<work.lstm.rows {
      simd_axpy(
        kernels.ops, hidden, 1, work.combinedGradient.base + row * shape.combinedWidth,
        work.featureGradient.base + Int(work.lstm.leaves[row]) * hidden)
    }
    sequenceHead.backward(
      rows: leaves, work.features.base, xRow: hidden, work.sequenceHead,
      into: work.featureGradient.base, to: rest, origin: origin, scratch: work.scratch)
    if let attention, let own = work.attention {
      attention.backward(
        work.lstm, own, work.featureGradient.base, reachesStates: learnsEncoder, to: rest,
        origin: origin, scratch: work.scratch)
    } else if learnsEncoder {
      for leaf in 0..<leaves {
        simd_axpy(
          kernels.ops, hidden, 1, work.featureGradient.base + leaf * hidden,
          work.lstm.leafGradient + leaf * units)
      }
    }
    if let sums = lane.lstm { lstm.backward(work.lstm, into: sums) }
  }

  /// Floats of scratch that `backward` needs.
  func scratchCount(rows: Int) -> Int {
    [sequenceHead, anomalyHead].map { $0.scratchCount(rows: rows) }.reduce(
      max(
        consistency?.scratchCount(rows: rows) ?? 0, attention?.scratchCount(rows: rows) ?? 0), max)
  }
}
