import SIMDKernels

/// What training does otherwise where products are computed in bfloat16.
extension PackedLSTM {
  /// What ``forward(_:dropout:)`` does, with the rounded states kept in `work.pairs`.
  func forward(_ work: LSTMWorkspace, by weights: BFloat16LSTM, dropout: DropoutSource?) {
    for layer in shape.layers.indices {
      var input: PairBuffer?
      if layer > 0 {
        input = work.pairs.hidden[layer - 1]
        if let dropout, layer - 1 < work.masks.count {
          let dropped = work.pairs.dropped[layer - 1]
          drop(layer: layer - 1, work, dropout)
          simd_to_bfloat16(
            kernels.ops, work.nodeCount * shape.units, work.dropped[layer - 1].base, dropped.base)
          input = dropped
        }
      }
      forward(layer: layer, input: input, work, by: weights)
    }
  }

  private func forward(
    layer: Int, input: PairBuffer?, _ work: LSTMWorkspace, by weights: BFloat16LSTM
  ) {
    let units = shape.units
    let states = work.pairs.hidden[layer].base
    var step = simd_bfloat16_step()
    step.input_weights = UnsafePointer(weights.inputForward[layer].base)
    step.hidden_weights = UnsafePointer(weights.hiddenForward[layer].base)
    step.gate_stride = work.nodeCount * kernels.panel
    for time in 0..<work.length {
      let first = work.offsets[time]
      step.frame = frame(layer: layer, at: time, isProjected: false, work)
      step.input = input.map { UnsafePointer($0.base + first * units / 2) }
      if time > 0 { step.hidden = UnsafePointer(states + work.offsets[time - 1] * units / 2) }
      step.next_hidden = work.hidden[layer].base + first * units
      step.next_state = states + first * units / 2
      if work.gates[layer].count > 0 { step.gates = work.gates[layer].base + first * kernels.panel }
      simd_bfloat16_forward(kernels.ops, &step)
    }
  }

  /// (gate gradients) · weights: the gradient of what was multiplied by the weights.
  func multiply(
    rows: Int, _ gates: UnsafePointer<UInt32>, _ work: LSTMWorkspace, by weights: PairBuffer,
    into target: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    let panelPairs = kernels.panel / 2
    var product = simd_bfloat16_product(
      rows: rows, columns: shape.units, depth: shape.gateWidth / 2, a: gates, a_row: panelPairs,
      a_column: 1, depth_block: panelPairs, a_block: work.nodeCount * panelPairs, b: weights.base,
      c: target, c_row: shape.units, accumulate: accumulate ? 1 : 0)
    simd_bfloat16_multiply(kernels.ops, &product)
  }

  /// Adds the gradients of a layer's weights, statesᵀ · (gate gradients). The sum goes over nodes, so that
  /// nodes are what has to be paired.
  func sumPairs(layer: Int, _ work: LSTMWorkspace, into gradient: LSTMGradient) {
    let (panel, nodes, pairs) = (kernels.panel, work.nodeCount, work.pairs)
    let blocks = 0..<shape.units / kernels.lanes
    if layer > 0 {
      let isThinned = layer - 1 < pairs.dropped.count
      pairStates(isThinned ? pairs.dropped[layer - 1] : pairs.hidden[layer - 1], nodes, pairs)
      for block in blocks {
        pairGates(pairs.gates.base + block * nodes * panel / 2, nodes, at: 0, pairs)
        addOuter(
          pairs, depth: nodes, to: gradient.input[layer].base + block * shape.units * panel)
      }
    }
    let (summed, rest) = work.nodesWithFollowers
    guard summed + rest > 0 else { return }
    pairStates(pairs.hidden[layer], summed + rest, pairs)
    for block in blocks {
      let start = block * nodes * panel / 2
      pairGates(pairs.followerGates.base + start, summed, at: 0, pairs)
      pairGates(
        pairs.gates.base + start + (nodes - rest) * panel / 2, rest, at: summed, pairs)
      addOuter(
        pairs, depth: summed + rest, to: gradient.hidden[layer].base + block * shape.units * panel)
    }
  }

  private func pairStates(_ states: PairBuffer, _ count: Int, _ pairs: LSTMPairs) {
    simd_pair_rows(
      kernels.ops, count, shape.units, states.base, shape.units / 2, 0, pairs.nodeStates.base)
  }

  private func pairGates(
    _ gates: UnsafePointer<UInt32>, _ count: Int, at place: Int, _ pairs: LSTMPairs
  ) {
    let panel = kernels.panel
    simd_pair_rows(kernels.ops, count, panel, gates, panel / 2, place, pairs.nodeGates.base)
  }

  /// target `[units, panel]` += statesᵀ · gates.
  private func addOuter(
    _ pairs: LSTMPairs, depth: Int, to target: UnsafeMutablePointer<Float>
  ) {
    let depth = (depth + 1) / 2
    var product = simd_bfloat16_product(
      rows: shape.units, columns: kernels.panel, depth: depth, a: pairs.nodeStates.base, a_row: 1,
      a_column: shape.units, depth_block: depth, a_block: 0, b: pairs.nodeGates.base, c: target,
      c_row: kernels.panel, accumulate: 1)
    simd_bfloat16_multiply(kernels.ops, &product)
  }
}
