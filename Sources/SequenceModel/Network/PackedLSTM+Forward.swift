import SIMDKernels

/// Where dropout takes its randomness from.
struct DropoutSource {
  let seed: UInt64
  let step: UInt64
  /// Position in the batch of the chunk's first row.
  let firstRow: Int
}

extension PackedLSTM {
  /// Runs the chunk's tokens through all layers: the equations of PyTorch's `nn.LSTM`, starting
  /// from zero states.
  ///
  /// With a dropout source the hidden states between layers are thinned and scaled, and everything
  /// the backward pass needs is kept.
  func forward(_ work: LSTMWorkspace, dropout: DropoutSource? = nil) {
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
    let rows = work.rows
    let state = rows * shape.units
    let hidden = work.hidden[layer].base
    let keepsHistory = work.gates[layer].count > 0
    var step = simd_lstm_step()
    step.rows = rows
    step.units = shape.units
    step.start = UnsafePointer(layer == 0 ? table.base : bias[layer].base)
    step.inputs = shape.units
    step.input_weights = UnsafePointer(inputForward[layer].base)
    step.hidden_weights = UnsafePointer(hiddenForward[layer].base)
    step.gate_stride = work.length * rows * kernels.panel
    for time in 0..<work.length {
      if layer == 0 {
        step.tokens = UnsafePointer(work.tokens + time * rows)
      } else {
        step.input = input.map { $0 + time * state }
      }
      let cell = work.cell[layer].base + (keepsHistory ? time * state : 0)
      if time > 0 {
        step.hidden = UnsafePointer(hidden + (time - 1) * state)
        step.cell = UnsafePointer(keepsHistory ? cell - state : cell)
      }
      step.next_cell = cell
      step.next_hidden = hidden + time * state
      if keepsHistory { step.gates = work.gates[layer].base + time * rows * kernels.panel }
      simd_lstm_forward(kernels.ops, &step)
    }
  }

  /// Inverted dropout: a unit is kept with probability 1 - p and then divided by it. p is taken to
  /// 1/65536.
  private func drop(layer: Int, _ work: LSTMWorkspace, _ source: DropoutSource) {
    let threshold = UInt64((Double(shape.dropout) * 65536).rounded())
    let scale = Float(65536 / Double(65536 - min(threshold, 65535)))
    let masks = work.masks[layer].base
    let hidden = work.hidden[layer].base
    let dropped = work.dropped[layer].base
    for row in 0..<work.rows {
      // A stream for each row of the batch: chunks and threads cannot change what is dropped.
      var generator = SeededGenerator(
        source.seed, 2, source.step, UInt64(source.firstRow + row), UInt64(layer))
      for time in 0..<work.length {
        let start = (time * work.rows + row) * shape.units
        for unit in stride(from: 0, to: shape.units, by: 4) {
          let bits = generator.next()
          for lane in 0..<4 {
            let draw = (bits >> UInt64(16 * lane)) & 0xFFFF
            let factor = draw < threshold ? 0 : scale
            let at = start + unit + lane
            masks[at] = factor
            dropped[at] = factor * hidden[at]
          }
        }
      }
    }
  }
}
