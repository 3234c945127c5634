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
      if layer == 0 {
        gradient.touch(UnsafeBufferPointer(start: work.tokens, count: work.nodeCount))
      }
      sumGates(layer: layer, work, into: gradient)
      if bfloat16 == nil {
        sumWeights(layer: layer, work, into: gradient)
      } else {
        sumPairs(layer: layer, work, into: gradient)
      }
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
      if bfloat16 != nil { step.rounded = work.pairs.gates.base + first * kernels.panel / 2 }
      if step.parents != nil {
        previous.update(repeating: 0, count: work.width(at: time - 1) * units)
      }
      simd_lstm_backward(kernels.ops, &step)
      guard time > 0 else { return }
      let target = output + work.offsets[time - 1] * units
      sumFollowers(layer: layer, at: time, work)
      let isBranched = time < work.firstUnbranched
      if let bfloat16 {
        let gates = isBranched ? work.pairs.followerGates : work.pairs.gates
        let from = isBranched ? work.offsets[time - 1] : first
        multiply(
          rows: work.width(at: time - 1), gates.base + from * kernels.panel / 2, work,
          by: bfloat16.hiddenBackward[layer], into: target, accumulate: true)
      } else {
        let gates = isBranched ? work.followerGates : work.gates[layer]
        let from = isBranched ? work.offsets[time - 1] : first
        multiplyGates(
          rows: work.width(at: time - 1), gates.base + from * kernels.panel,
          stride: step.gate_stride, by: hiddenBackward[layer], into: target, accumulate: true)
      }
      swap(&own, &previous)
    }
  }

  /// Sums up a step's gate gradients for each node of the step before, where nodes branch.
  private func sumFollowers(layer: Int, at time: Int, _ work: LSTMWorkspace) {
    guard time < work.firstUnbranched else { return }
    let panel = kernels.panel
    let gates = work.gates[layer].base + work.offsets[time] * panel
    let before = work.offsets[time - 1] * panel
    let count = work.width(at: time - 1) * panel
    let stride = work.nodeCount * panel
    for block in 0..<shape.units / kernels.lanes {
      let start = before + block * stride
      let target = work.followerGates.base + start
      target.update(repeating: 0, count: count)
      simd_scatter_rows(
        kernels.ops, work.width(at: time), panel, gates + block * stride,
        work.parents + work.offsets[time], target, panel)
      if bfloat16 != nil {
        simd_to_bfloat16(kernels.ops, count, target, work.pairs.followerGates.base + start / 2)
      }
    }
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
    if let bfloat16 {
      multiply(
        rows: nodes, work.pairs.gates.base, work, by: bfloat16.inputBackward[layer], into: target,
        accumulate: false)
    } else {
      multiplyGates(
        rows: nodes, work.gates[layer].base, stride: nodes * kernels.panel,
        by: inputBackward[layer], into: target, accumulate: false)
    }
    guard layer - 1 < work.masks.count else { return }
    let mask = work.masks[layer - 1].base
    for index in 0..<nodes * shape.units { target[index] *= mask[index] }
  }

  /// Adds gate gradients up: the gradients of the table and of biases.
  private func sumGates(layer: Int, _ work: LSTMWorkspace, into gradient: LSTMGradient) {
    let panel = kernels.panel
    let nodes = work.nodeCount
    for block in 0..<shape.units / kernels.lanes {
      let gates = UnsafePointer(work.gates[layer].base + block * nodes * panel)
      if layer == 0 {
        simd_scatter_rows(
          kernels.ops, nodes, panel, gates, UnsafePointer(work.tokens),
          gradient.table.base + block * panel, shape.gateWidth)
      } else {
        simd_scatter_rows(
          kernels.ops, nodes, panel, gates, nil, gradient.bias[layer].base + block * panel, 0)
      }
    }
  }

  private func sumWeights(layer: Int, _ work: LSTMWorkspace, into gradient: LSTMGradient) {
    let panel = kernels.panel
    let nodes = work.nodeCount
    let (summed, rest) = work.nodesWithFollowers
    for block in 0..<shape.units / kernels.lanes {
      let gates = UnsafePointer(work.gates[layer].base + block * nodes * panel)
      if layer > 0 {
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
