import SIMDKernels

extension PackedLSTM {
  /// Back-propagation through time of a chunk that `forward` ran with its history kept.
  ///
  /// The loss's gradient stands in `work.topGradient`. Gate gradients overwrite the gates; since a
  /// layer's gates of all steps are stored panel by panel, they are already the packed right side
  /// of the products hiddenᵀ · gradients that sum up the weights' gradients.
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
    let rows = work.rows
    let state = rows * shape.units
    let gates = work.gates[layer].base
    let cell = work.cell[layer].base
    work.cellGradient.base.update(repeating: 0, count: state)
    for time in (0..<work.length).reversed() {
      var step = simd_lstm_gradient()
      step.rows = rows
      step.units = shape.units
      step.cell = time > 0 ? UnsafePointer(cell + (time - 1) * state) : nil
      step.next_cell = UnsafePointer(cell + time * state)
      step.hidden_gradient = UnsafePointer(output + time * state)
      step.cell_gradient = work.cellGradient.base
      step.gates = gates + time * rows * kernels.panel
      step.gate_stride = work.length * rows * kernels.panel
      simd_lstm_backward(kernels.ops, &step)
      guard time > 0 else { return }
      multiplyGates(
        rows: rows, gates + time * rows * kernels.panel, stride: step.gate_stride,
        by: hiddenBackward[layer], into: output + (time - 1) * state, accumulate: true)
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
    let rows = work.length * work.rows
    multiplyGates(
      rows: rows, work.gates[layer].base, stride: rows * kernels.panel, by: inputBackward[layer],
      into: target, accumulate: false)
    guard layer - 1 < work.masks.count else { return }
    let mask = work.masks[layer - 1].base
    for index in 0..<rows * shape.units { target[index] *= mask[index] }
  }

  private func sumGradients(layer: Int, _ work: LSTMWorkspace, into gradient: LSTMGradient) {
    let rows = work.rows
    let panel = kernels.panel
    let depth = work.length * rows
    let tokens = UnsafePointer(work.tokens)
    if layer == 0 { gradient.touch(UnsafeBufferPointer(start: tokens, count: depth)) }
    for block in 0..<shape.units / kernels.lanes {
      let gates = UnsafePointer(work.gates[layer].base + block * depth * panel)
      if layer == 0 {
        simd_scatter_rows(
          kernels.ops, depth, panel, gates, tokens, gradient.table.base + block * panel,
          shape.gateWidth)
      } else {
        simd_scatter_rows(
          kernels.ops, depth, panel, gates, nil, gradient.bias[layer].base + block * panel, 0)
        let below =
          layer - 1 < work.dropped.count ? work.dropped[layer - 1] : work.hidden[layer - 1]
        addOuter(
          below.base, gates, depth: depth,
          to: gradient.input[layer].base + block * shape.units * panel)
      }
      // The first step had no hidden state to multiply.
      addOuter(
        work.hidden[layer].base, gates + rows * panel, depth: depth - rows,
        to: gradient.hidden[layer].base + block * shape.units * panel)
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
