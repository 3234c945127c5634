import SIMDKernels

extension PackedLSTM {
  /// What ``forward(_:dropout:)`` does where nothing will be learned from it. The rounded states of all
  /// layers stand in `work.states`, those of the last one in `work.hidden` too, unrounded.
  func forward(_ work: LSTMWorkspace, by weights: QuantisedLSTM) {
    for layer in shape.layers.indices { forward(layer: layer, work, by: weights) }
  }

  private func forward(layer: Int, _ work: LSTMWorkspace, by weights: QuantisedLSTM) {
    let units = shape.units
    let states = work.states[layer].base
    let isTop = layer + 1 == shape.layers.count
    var step = simd_quantised_step()
    step.input_weights = UnsafePointer(weights.input[layer].base)
    step.input_scales = UnsafePointer(weights.inputScales[layer].base)
    step.hidden_weights = UnsafePointer(weights.hidden[layer].base)
    step.hidden_scales = UnsafePointer(weights.hiddenScales[layer].base)
    let isProjected = layer > 0 && work.isNarrow
    if isProjected { project(layer: layer, work, by: weights) }
    for time in 0..<work.length {
      let first = work.offsets[time]
      step.frame = frame(layer: layer, at: time, isProjected: isProjected, work)
      if layer > 0, !isProjected {
        step.input = UnsafePointer(work.states[layer - 1].base + first * units)
      }
      if time > 0 { step.hidden = UnsafePointer(states + work.offsets[time - 1] * units) }
      step.next_state = states + first * units
      step.next_hidden = isTop ? work.hidden[layer].base + first * units : nil
      simd_quantised_forward(kernels.ops, &step)
    }
  }

  /// Bias and input · weights of all nodes: the sums that a step by itself begins with, bit by bit.
  private func project(layer: Int, _ work: LSTMWorkspace, by weights: QuantisedLSTM) {
    startProjection(layer: layer, work)
    var product = simd_quantised_product(
      rows: work.nodeCount, columns: shape.gateWidth, depth: shape.units,
      a: UnsafePointer(work.states[layer - 1].base), b: UnsafePointer(weights.input[layer].base),
      scales: UnsafePointer(weights.inputScales[layer].base), c: work.projected.base)
    simd_quantised_multiply(kernels.ops, &product)
  }
}
