import SIMDKernels

/// Where dropout takes its randomness from.
struct DropoutSource {
  let seed: UInt64
  let step: UInt64
  /// Place in the batch's order of the chunk's first window.
  let firstPlace: Int
}

extension PackedLSTM {
  /// Runs the chunk through all layers: the equations of PyTorch's `nn.LSTM`, starting from zero
  /// states, once for each node.
  ///
  /// With a dropout source the hidden states between layers are thinned and scaled, and everything
  /// the backward pass needs is kept.
  func forward(_ work: LSTMWorkspace, dropout: DropoutSource? = nil) {
    if let quantised { return forward(work, by: quantised) }
    if let bfloat16 { return forward(work, by: bfloat16, dropout: dropout) }
    var input: UnsafePointer<Float>?
    for index in shape.layers.indices {
      forward(layer: index, input: input, work)
      if let dropout, index < work.masks.count {
        drop(layer: index, work, dropout)
        input = UnsafePointer(work.dropped[index].base)
      } else {
        input = UnsafePointer(work.hidden[index].base)
      }
    }
  }

  private func forward(layer: Int, input: UnsafePointer<Float>?, _ work: LSTMWorkspace) {
    let units = shape.units
    let hidden = work.hidden[layer].base
    var step = simd_lstm_step()
    step.input_weights = UnsafePointer(inputForward[layer].base)
    step.hidden_weights = UnsafePointer(hiddenForward[layer].base)
    step.gate_stride = work.nodeCount * kernels.panel
    let isProjected = layer > 0 && work.isNarrow
    if isProjected, let input { project(layer: layer, input: input, work) }
    for time in 0..<work.length {
      let first = work.offsets[time]
      step.frame = frame(layer: layer, at: time, isProjected: isProjected, work)
      if !isProjected { step.input = input.map { $0 + first * units } }
      if time > 0 { step.hidden = UnsafePointer(hidden + work.offsets[time - 1] * units) }
      step.next_hidden = hidden + first * units
      if work.gates[layer].count > 0 { step.gates = work.gates[layer].base + first * kernels.panel }
      simd_lstm_forward(kernels.ops, &step)
    }
  }

  /// What a time step has in every precision.
  func frame(
    layer: Int, at time: Int, isProjected: Bool, _ work: LSTMWorkspace
  ) -> simd_lstm_frame {
    let first = work.offsets[time]
    var frame = simd_lstm_frame()
    frame.rows = work.width(at: time)
    frame.units = shape.units
    frame.inputs = shape.units
    frame.parents = work.parents(at: time)
    if layer == 0 {
      frame.start = UnsafePointer(table.base)
      frame.tokens = UnsafePointer(work.tokens + first)
    } else if isProjected {
      frame.start = UnsafePointer(work.projected.base + first * shape.gateWidth)
      frame.tokens = UnsafePointer(work.ownRows)
    } else {
      frame.start = UnsafePointer(bias[layer].base)
    }
    if time > 0 { frame.cell = UnsafePointer(work.cell(layer, at: time - 1)) }
    frame.next_cell = work.cell(layer, at: time)
    return frame
  }

  /// Bias and input · weights of all nodes: the sums that a step by itself begins with, bit by bit.
  private func project(layer: Int, input: UnsafePointer<Float>, _ work: LSTMWorkspace) {
    let width = shape.gateWidth
    startProjection(layer: layer, work)
    kernels.multiply(
      rows: work.nodeCount, columns: width, depth: shape.units, input, aRow: shape.units,
      packed: inputForward[layer].base, into: work.projected.base, cRow: width, accumulate: true)
  }

  func startProjection(layer: Int, _ work: LSTMWorkspace) {
    let width = shape.gateWidth
    for node in 0..<work.nodeCount {
      (work.projected.base + node * width).update(from: bias[layer].base, count: width)
    }
  }

  /// Inverted dropout: a unit is kept with probability 1 - p and then divided by it. p is taken to
  /// 2⁻²⁴.
  ///
  /// Windows with a common beginning share what is dropped in it: each window by itself sees the
  /// same distribution as if it drew alone, so the expected gradient is the same.
  func drop(layer: Int, _ work: LSTMWorkspace, _ source: DropoutSource) {
    // A stream for each chunk, and chunks depend on the batch alone: threads cannot change what is
    // dropped.
    var generator = SeededGenerator(
      source.seed, 2, source.step, UInt64(source.firstPlace), UInt64(layer))
    var dropout = simd_dropout()
    dropout.count = work.nodeCount * shape.units
    dropout.key = generator.next()
    dropout.threshold = Int32((Double(shape.dropout) * 0x1p24).rounded())
    dropout.scale = Float(0x1p24 / (0x1p24 - Double(min(dropout.threshold, (1 << 24) - 1))))
    dropout.x = UnsafePointer(work.hidden[layer].base)
    dropout.mask = work.masks[layer].base
    dropout.y = work.dropped[layer].base
    simd_drop(kernels.ops, &dropout)
  }
}
