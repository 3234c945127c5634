import SIMDKernels

/// Attention's weights as the kernels read them.
final class PackedAttention: @unchecked Sendable {
  let attention: Attention
  let kernels: Kernels
  private let query, output: PackedLinear
  private let keys, values: [PackedLinear]

  init(_ attention: Attention, kernels: Kernels, training: Bool) {
    self.attention = attention
    self.kernels = kernels
    query = PackedLinear(attention.query, kernels: kernels, training: training)
    output = PackedLinear(attention.output, kernels: kernels, training: training)
    // A key block is used from its output side already in the forward pass.
    keys = attention.keys.map { PackedLinear($0, kernels: kernels, training: true) }
    values = attention.values.map { PackedLinear($0, kernels: kernels, training: training) }
  }

  func load(_ parameters: UnsafePointer<Float>) {
    for layer in [query, output] + keys + values { layer.load(parameters) }
  }

  /// The output for the last position, `[leaves, hidden]`, from the top hidden states of `work`.
  func forward(
    _ work: LSTMWorkspace, _ own: AttentionWorkspace, into result: UnsafeMutablePointer<Float>
  ) {
    let rows = work.leafCount
    let hidden = attention.hiddenSize
    let size = attention.headSize
    query.forward(rows: rows, work.top, xRow: work.units, into: own.query.base, yRow: hidden)
    for head in 0..<attention.heads {
      keys[head].backward(
        rows: rows, own.query.base + head * size, yRow: hidden,
        into: own.lookup.base + head * rows * hidden, xRow: hidden, accumulate: false)
    }
    for row in 0..<rows {
      work.withPath(to: row) { path in
        for head in 0..<attention.heads { mix(row: row, head: head, path, work, own) }
      }
    }
    for head in 0..<attention.heads {
      values[head].forward(
        rows: rows, own.mixed.base + head * rows * hidden, xRow: hidden,
        into: own.context.base + head * size, yRow: hidden)
    }
    output.forward(rows: rows, own.context.base, xRow: hidden, into: result, yRow: hidden)
  }

  private var scale: Float { 1 / Float(attention.headSize).squareRoot() }

  /// Scores, softmax and the weighted sum of hidden states of one row and head.
  private func mix(
    row: Int, head: Int, _ path: UnsafePointer<Int>, _ work: LSTMWorkspace,
    _ own: AttentionWorkspace
  ) {
    let hidden = attention.hiddenSize
    let length = work.length
    let states = work.hidden[work.hidden.count - 1].base
    let lookup = own.lookup.base + (head * work.leafCount + row) * hidden
    let mixed = own.mixed.base + (head * work.leafCount + row) * hidden
    let weights = own.weights.base + (row * attention.heads + head) * length
    for time in 0..<length {
      let state = states + path[time] * work.units
      weights[time] = scale * simd_dot(kernels.ops, hidden, lookup, state)
    }
    simd_log_softmax(kernels.ops, 1, length, weights)
    simd_exp(kernels.ops, length, weights, weights)
    mixed.update(repeating: 0, count: hidden)
    for time in 0..<length {
      let state = states + path[time] * work.units
      simd_axpy(kernels.ops, hidden, weights[time], state, mixed)
    }
  }

  /// Takes the gradient of the output `[leaves, hidden]` to the parameters and, if the layers below
  /// learn, to the top hidden states (added to `work.topGradient`).
  func backward(
    _ work: LSTMWorkspace, _ own: AttentionWorkspace, _ resultGradient: UnsafePointer<Float>,
    reachesStates: Bool, to gradient: UnsafeMutablePointer<Float>, origin: Int, scratch: FloatBuffer
  ) {
    let rows = work.leafCount
    let hidden = attention.hiddenSize
    let size = attention.headSize
    output.addGradient(
      rows: rows, resultGradient, yRow: hidden, own.context.base, xRow: hidden, to: gradient,
      origin: origin, scratch: scratch)
    output.backward(
      rows: rows, resultGradient, yRow: hidden, into: own.contextGradient.base, xRow: hidden,
      accumulate: false)
    for head in 0..<attention.heads {
      let block = head * rows * hidden
      let context = own.contextGradient.base + head * size
      values[head].addGradient(
        rows: rows, context, yRow: hidden, own.mixed.base + block, xRow: hidden, to: gradient,
        origin: origin, scratch: scratch)
      values[head].backward(
        rows: rows, context, yRow: hidden, into: own.mixedGradient.base + block, xRow: hidden,
        accumulate: false)
      for row in 0..<rows {
        work.withPath(to: row) {
          unmix(row: row, head: head, $0, reachesStates: reachesStates, work, own)
        }
      }
      // The key block maps the query to the lookup from its output to its input side, so their
      // gradients swap places too.
      let lookup = own.lookupGradient.base + block
      keys[head].addGradient(
        rows: rows, own.query.base + head * size, yRow: hidden, lookup, xRow: hidden, to: gradient,
        origin: origin, scratch: scratch)
      keys[head].forward(
        rows: rows, lookup, xRow: hidden, into: own.query.base + head * size, yRow: hidden)
    }
    query.addGradient(
      rows: rows, own.query.base, yRow: hidden, work.top, xRow: work.units, to: gradient,
      origin: origin, scratch: scratch)
    guard reachesStates else { return }
    query.backward(
      rows: rows, own.query.base, yRow: hidden, into: work.leafGradient, xRow: work.units,
      accumulate: true)
  }

  private func unmix(
    row: Int, head: Int, _ path: UnsafePointer<Int>, reachesStates: Bool, _ work: LSTMWorkspace,
    _ own: AttentionWorkspace
  ) {
    let hidden = attention.hiddenSize
    let length = work.length
    let states = work.hidden[work.hidden.count - 1].base
    let place = (head * work.leafCount + row) * hidden
    let weights = own.weights.base + (row * attention.heads + head) * length
    let scores = own.scoreGradient.base
    var mean: Float = 0
    for time in 0..<length {
      let state = states + path[time] * work.units
      scores[time] = simd_dot(kernels.ops, hidden, own.mixedGradient.base + place, state)
      mean += weights[time] * scores[time]
    }
    let lookupGradient = own.lookupGradient.base + place
    lookupGradient.update(repeating: 0, count: hidden)
    for time in 0..<length {
      let state = states + path[time] * work.units
      let score = scale * weights[time] * (scores[time] - mean)
      simd_axpy(kernels.ops, hidden, score, state, lookupGradient)
      guard reachesStates else { continue }
      let target = work.topGradient + path[time] * work.units
      simd_axpy(kernels.ops, hidden, score, own.lookup.base + place, target)
      simd_axpy(kernels.ops, hidden, weights[time], own.mixedGradient.base + place, target)
    }
  }

  func scratchCount(rows: Int) -> Int { query.scratchCount(rows: rows) }
}
