import SIMDKernels

extension PackedLSTM {
  /// Back-propagation through time of a chunk that `forward` ran with its history kept.
  ///
  /// The loss's gradient stands in `work.topGradient`. What several nodes go on from gets the sum of
  /// their gradients, so the gradient is exact, and products take that sum instead of each of them.
  /// Gate gradients overwrite the gates; since a layer's gates of all steps are stored panel by
  /// panel, they are already the packed right side of the products hiddenᵀ · gradients that sum up
  /// the weights' gradients.
  func backward(_ work: LSTMWorkspace, into gradient: LSTMGradient) {
    var output = work.outputGradients[0]
    var below = work.outputGradients[1]
    for layer in shape.layers.indices.reversed() {
      backward(layer: layer, work, output: output.base)
      sumGradients(layer: layer, work, into: gradient)
      if layer > 0 {
        propagateInput(layer: layer, work, to: below.base)
        swap(&output, &below)
      }
    }
  }

  private func backward(layer: Int, _ work: LSTMWorkspace, output: UnsafeMutablePointer<Float>) {
    let units = shape.units
    var step = simd_lstm_gradient()
    step.units = units
    step.gate_stride = work.nodeCount * kernels.panel
    var (own, previous) = (work.cellGradients[0].base, work.cellGradients[1].base)
    for time in (0..<work.length).reversed() {
      let first = work.offsets[time]
      step.rows = work.width(at: time)
      step.parents = work.parents(at: time)
      step.cell = time > 0 ? UnsafePointer(work.cell(layer, at: time - 1)) : nil
      step.next_cell = UnsafePointer(work.cell(layer, at: time))
      step.hidden_gradient = UnsafePointer(output + first * units)
      step.cell_gradient = time + 1 < work.length ? UnsafePointer(own) : nil
      step.previous_gradient = time > 0 ? previous : nil
      step.gates = work.gates[layer].base + first * kernels.panel
      if step.parents != nil {
        previous.update(repeating: 0, count: work.width(at: time - 1) * units)
      }
      simd_lstm_backward(kernels.ops, &step)
      guard time > 0 else { return }
      let before = work.offsets[time - 1]
      multiplyGates(
        rows: work.width(at: time - 1), followerGates(layer: layer, at: time, work),
        stride: step.gate_stride, by: hiddenBackward[layer], into: output + before * units,
        accumulate: true)
      swap(&own, &previous)
    }
  }

  /// Gate gradients of a step, summed up for each node of the step before where nodes branch.
  private func followerGates(
    layer: Int, at time: Int, _ work: LSTMWorkspace
  ) -> UnsafePointer<Float> {
    let panel = kernels.panel
    let gates = work.gates[layer].base + work.offsets[time] * panel
    guard time < work.firstUnbranched else { return UnsafePointer(gates) }
    let before = work.offsets[time - 1]
    let width = work.width(at: time - 1)
    let sums = work.followerGates.base + before * panel
    let stride = work.nodeCount * panel
    for block in 0..<shape.units / kernels.lanes {
      let target = sums + block * stride
      target.update(repeating: 0, count: width * panel)
      simd_scatter_rows(
        kernels.ops, work.width(at: time), panel, gates + block * stride,
        work.parents + work.offsets[time], target, panel)
    }
    return UnsafePointer(sums)
  }

  /// (gate gradients) · weights: the gradient of what was multiplied by the weights.
  private func multiplyGates(
    rows: Int, _ gates: UnsafePointer<Float>, stride: Int, by weights: FloatBuffer,
    into target: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    var product = simd_product(
      rows: rows, columns: shape.units, depth: shape.gateWidth, a: gates, a_row: kernels.panel,
      a_column: 1, depth_block: kernels.panel, a_block: stride, b: weights.base, c: target,
      c_row: shape.units, accumulate: accumulate ? 1 : 0)
    simd_multiply(kernels.ops, &product)
  }

  private func propagateInput(
    layer: Int, _ work: LSTMWorkspace, to target: UnsafeMutablePointer<Float>
  ) {
    let nodes = work.nodeCount
    multiplyGates(
      rows: nodes, work.gates[layer].base, stride: nodes * kernels.panel, by: inputBackward[layer],
      into: target, accumulate: false)
    guard layer - 1 < work.masks.count else { return }
    let mask = work.masks[layer - 1].base
    for index in 0..<nodes * shape.units { target[index] *= mask[index] }
  }

  private func sumGradients(layer: Int, _ work: LSTMWorkspace, into gradient: LSTMGradient) {
    let panel = kernels.panel
    let nodes = work.nodeCount
    let tokens = UnsafePointer(work.tokens)
    // Steps before this one have their followers' gates summed up.
    let unbranched = work.firstUnbranched
    let summed = work.offsets[unbranched - 1]
    let rest = work.offsets[work.length - 1] - summed
    if layer == 0 { gradient.touch(UnsafeBufferPointer(start: tokens, count: nodes)) }
    for block in 0..<shape.units / kernels.lanes {
      let gates = UnsafePointer(work.gates[layer].base + block * nodes * panel)
      if layer == 0 {
        simd_scatter_rows(
          kernels.ops, nodes, panel, gates, tokens, gradient.table.base + block * panel,
          shape.gateWidth)
      } else {
        simd_scatter_rows(
          kernels.ops, nodes, panel, gates, nil, gradient.bias[layer].base + block * panel, 0)
        let below =
          layer - 1 < work.dropped.count ? work.dropped[layer - 1] : work.hidden[layer - 1]
        addOuter(
          below.base, gates, depth: nodes,
          to: gradient.input[layer].base + block * shape.units * panel)
      }
      let target = gradient.hidden[layer].base + block * shape.units * panel
      let hidden = work.hidden[layer].base
      addOuter(hidden, work.followerGates.base + block * nodes * panel, depth: summed, to: target)
      addOuter(
        hidden + summed * shape.units, gates + (nodes - rest) * panel, depth: rest, to: target)
    }
  }

  /// target `[units, panel]` += statesᵀ · gates.
  private func addOuter(
    _ states: UnsafePointer<Float>, _ gates: UnsafePointer<Float>, depth: Int,
    to target: UnsafeMutablePointer<Float>
  ) {
    guard depth > 0 else { return }
    kernels.multiply(
      rows: shape.units, columns: kernels.panel, depth: depth, states, aRow: 1,
      aColumn: shape.units, packed: gates, into: target, cRow: kernels.panel, accumulate: true)
  }
}
