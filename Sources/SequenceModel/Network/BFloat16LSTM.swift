import SIMDKernels

typealias PairBuffer = AlignedBuffer<UInt32>

/// The recurrent weights of a stack of LSTM layers in bfloat16, for training: a processor that
/// multiplies pairs of such numbers does twice as many products an instruction as in single precision.
///
/// Weights, sums, gates, cell states and Adam's moments stay in single precision; only the two sides of a
/// product are rounded (mixed precision, Micikevicius et al. 2018). bfloat16 has the exponents of single
/// precision, so that no gradient needs to be scaled.
final class BFloat16LSTM: @unchecked Sendable {
  /// `[units / lanes][units / 2][panel]` pairs a layer; none of the first layer's input, which is a table.
  let hiddenForward, inputForward: [PairBuffer]
  /// `[units / panel][gateWidth / 2][panel]` pairs: the right side of (gate gradients) · weights.
  let hiddenBackward, inputBackward: [PairBuffer]
  private let shape: LSTMShape
  private let kernels: Kernels
  /// Weights rounded row by row, `[4 * hidden, rowPairs]`.
  private let rounded: PairBuffer
  private var rowPairs: Int { (shape.hiddenSize + 1) / 2 }

  init(_ shape: LSTMShape, kernels: Kernels) {
    self.shape = shape
    self.kernels = kernels
    let square = shape.units * shape.gateWidth / 2
    let packed = simd_packed_count(kernels.ops, shape.gateWidth / 2, shape.units)
    let layers = shape.layers.indices
    hiddenForward = layers.map { _ in PairBuffer(square) }
    inputForward = layers.map { PairBuffer($0 == 0 ? 0 : square) }
    hiddenBackward = layers.map { _ in PairBuffer(packed) }
    inputBackward = layers.map { PairBuffer($0 == 0 ? 0 : packed) }
    rounded = PairBuffer(4 * shape.hiddenSize * ((shape.hiddenSize + 1) / 2))
  }

  /// Takes over the current values of the parameters.
  func load(_ parameters: UnsafePointer<Float>) {
    for (index, layer) in shape.layers.enumerated() {
      load(parameters + layer.weightHidden, hiddenForward[index], hiddenBackward[index])
      guard index > 0 else { continue }
      load(parameters + layer.weightInput, inputForward[index], inputBackward[index])
    }
  }

  /// Packs `[4 * hidden, hidden]` both ways; padding is zero from the start and stays so.
  private func load(_ weights: UnsafePointer<Float>, _ forward: PairBuffer, _ backward: PairBuffer)
  {
    let (panel, width, pairs) = (kernels.panel, shape.hiddenSize, rowPairs)
    for row in 0..<4 * width {
      simd_to_bfloat16(kernels.ops, width, weights + row * width, rounded.base + row * pairs)
    }
    shape.forEachGate(lanes: kernels.lanes) { gate, place in
      let source = rounded.base + gate * pairs
      let target = forward.base + place / panel * shape.units / 2 * panel + place % panel
      for pair in 0..<pairs { target[pair * panel] = source[pair] }
      // A place's neighbour, the other half of its pairs, comes after it if the place is even.
      for first in stride(from: 0, to: width, by: panel) {
        simd_pair_rows(
          kernels.ops, 1, min(panel, width - first), source + first / 2, 0, place % 2,
          backward.base + (first * shape.gateWidth / 2 + place / 2 * panel))
      }
    }
  }
}
