import SIMDKernels

/// The sums of one lane: gradients of the LSTM layers, of everything after them, and the loss.
final class GradientLane: @unchecked Sendable {
  /// nil where these layers do not learn.
  let lstm: LSTMGradient?
  /// Gradients of the parameters from `GradientLanes.origin` on.
  let rest: FloatBuffer
  var loss = 0.0

  init(shape: LSTMShape, kernels: Kernels, learnsLSTM: Bool, restCount: Int) {
    lstm = learnsLSTM ? LSTMGradient(shape: shape, kernels: kernels) : nil
    rest = FloatBuffer(restCount)
  }

  func clear() {
    lstm?.clear()
    rest.clear()
    loss = 0
  }
}

/// Spreads a batch over threads such that the result does not depend on their number.
final class GradientLanes {
  /// The first parameter that does not belong to the LSTM layers or the embedding; 0 where these do
  /// not learn.
  let origin: Int
  private let kernels: Kernels
  private let lanes: [GradientLane]

  init(
    shape: LSTMShape, kernels: Kernels, origin: Int, parameterCount: Int, batchSize: Int,
    length: Int
  ) {
    self.origin = origin
    self.kernels = kernels
    let limit = ChunkPlan.laneLimit(
      floats: parameterCount + (origin > 0 ? shape.vocabularySize * shape.gateWidth : 0))
    let needed = ChunkPlan.laneCount(steps: batchSize * length, laneLimit: limit)
    lanes = (0..<needed).map { _ in
      GradientLane(
        shape: shape, kernels: kernels, learnsLSTM: origin > 0, restCount: parameterCount - origin)
    }
  }

  var count: Int { lanes.count }

  /// Runs `body` on every chunk of a batch's windows, which returns the chunk's loss, and writes the whole
  /// gradient; returns the whole loss.
  func run(
    _ order: WindowOrder, threads: Int, parameters: FloatBuffer, into gradient: FloatBuffer,
    _ body:
      @escaping @Sendable (_ places: Range<Int>, _ worker: Int, _ lane: GradientLane) -> Double
  ) -> Double {
    let plan = ChunkPlan(order, laneLimit: lanes.count)
    let lanes = lanes
    parallel(tasks: plan.lanes.count, threads: threads) { task, worker in
      let lane = lanes[task]
      lane.clear()
      for chunk in plan.lanes[task] { lane.loss += body(chunk, worker, lane) }
    }
    let sum = lanes[0]
    for lane in lanes[1..<plan.lanes.count] {
      if let lstm = lane.lstm { sum.lstm?.add(lstm) }
      simd_axpy(kernels.ops, sum.rest.count, 1, lane.rest.base, sum.rest.base)
      sum.loss += lane.loss
    }
    sum.lstm?.unpack(parameters: parameters.base, into: gradient.base)
    (gradient.base + origin).update(from: sum.rest.base, count: sum.rest.count)
    return sum.loss
  }
}
