import SIMDKernels

/// The weights of a stack of LSTM layers in the order in which the kernels read them.
///
/// Tokens are few, so what a token contributes to the first layer's gates is a table: embedding,
/// one-hot and scalar input all become a look-up.
final class PackedLSTM: @unchecked Sendable {
  let shape: LSTMShape
  let kernels: Kernels
  /// The first layer's pre-activation of each token, biases included, `[vocabulary, gateWidth]`.
  let table: FloatBuffer
  /// Summed biases of the layers above the first, `[gateWidth]`; empty for the first.
  let bias: [FloatBuffer]
  /// `[units / lanes][units][panel]` a layer; empty where `quantised` stands for them.
  private(set) var hiddenForward, inputForward: [FloatBuffer]
  /// What inference reads instead of the forward weights, where rounding does them no harm.
  private(set) var quantised: QuantisedLSTM?
  /// What training reads instead of both, where this processor multiplies bfloat16 faster.
  let bfloat16: BFloat16LSTM?
  /// `[gateWidth, units]` packed; empty when the network is not for training in single precision.
  let hiddenBackward, inputBackward: [FloatBuffer]
  private let isForTraining: Bool

  /// - Parameter precision: of products in training.
  init(
    shape: LSTMShape, kernels: Kernels, training: Bool, precision: TrainingPrecision = .fastest
  ) {
    self.shape = shape
    self.kernels = kernels
    isForTraining = training
    bfloat16 =
      training && precision.isBFloat16(kernels) ? BFloat16LSTM(shape, kernels: kernels) : nil
    let packed =
      training && bfloat16 == nil ? simd_packed_count(kernels.ops, shape.gateWidth, shape.units) : 0
    let depth = shape.layers.count
    table = FloatBuffer(shape.vocabularySize * shape.gateWidth)
    bias = (0..<depth).map { FloatBuffer($0 == 0 ? 0 : shape.gateWidth) }
    (hiddenForward, inputForward) = ([], [])
    hiddenBackward = (0..<depth).map { _ in FloatBuffer(packed) }
    inputBackward = (0..<depth).map { FloatBuffer($0 == 0 ? 0 : packed) }
  }

  /// Takes over the current values of the parameters.
  func load(_ parameters: UnsafePointer<Float>) {
    loadTable(parameters)
    if !isForTraining {
      quantised = QuantisedLSTM(shape, kernels: kernels, parameters: parameters)
    }
    bfloat16?.load(parameters)
    if quantised == nil, bfloat16 == nil { loadForward(parameters) }
    for (index, layer) in shape.layers.enumerated() {
      packBackward(parameters + layer.weightHidden, into: hiddenBackward[index])
      guard index > 0 else { continue }
      packBackward(parameters + layer.weightInput, into: inputBackward[index])
      addBiases(parameters, layer, to: bias[index].base)
    }
  }

  private func loadForward(_ parameters: UnsafePointer<Float>) {
    let square = shape.units * shape.gateWidth
    if hiddenForward.isEmpty {
      hiddenForward = shape.layers.map { _ in FloatBuffer(square) }
      inputForward = shape.layers.indices.map { FloatBuffer($0 == 0 ? 0 : square) }
    }
    for (index, layer) in shape.layers.enumerated() {
      packForward(
        parameters + layer.weightHidden, width: shape.hiddenSize, rows: shape.units,
        into: hiddenForward[index])
      guard index > 0 else { continue }
      packForward(
        parameters + layer.weightInput, width: shape.hiddenSize, rows: shape.units,
        into: inputForward[index])
    }
  }

  private func addBiases(
    _ parameters: UnsafePointer<Float>, _ layer: LSTMShape.Layer,
    to row: UnsafeMutablePointer<Float>
  ) {
    shape.forEachGate(lanes: kernels.lanes) { gate, place in
      row[place] = parameters[layer.biasInput + gate] + parameters[layer.biasHidden + gate]
    }
  }

  private func loadTable(_ parameters: UnsafePointer<Float>) {
    let layer = shape.layers[0]
    let weights = parameters + layer.weightInput
    let width = shape.gateWidth
    let bias = FloatBuffer(width)
    addBiases(parameters, layer, to: bias.base)
    for token in 0..<shape.vocabularySize {
      (table.base + token * width).update(from: bias.base, count: width)
    }
    switch shape.encoding {
    case .embedding(let dimension):
      guard let embedding = shape.embedding else { return }
      let packed = FloatBuffer(dimension * width)
      packForward(weights, width: dimension, rows: dimension, into: packed)
      kernels.multiply(
        rows: shape.vocabularySize, columns: width, depth: dimension, parameters + embedding,
        aRow: dimension, packed: packed.base, into: table.base, cRow: width, accumulate: true)
    case .oneHot:
      let count = shape.vocabularySize
      shape.forEachGate(lanes: kernels.lanes) { gate, place in
        for token in 0..<count {
          table.base[token * width + place] += weights[gate * count + token]
        }
      }
    case .scalar:
      shape.forEachGate(lanes: kernels.lanes) { gate, place in
        for token in 0..<shape.vocabularySize {
          table.base[token * width + place] += Float(token) * weights[gate]
        }
      }
    }
  }

  /// `[4 * hidden, width]` to `[units / lanes][rows][panel]`; padding is zero from the start and
  /// stays so.
  private func packForward(
    _ weights: UnsafePointer<Float>, width: Int, rows: Int, into packed: FloatBuffer
  ) {
    let panel = kernels.panel
    shape.forEachGate(lanes: kernels.lanes) { gate, place in
      let source = weights + gate * width
      let target = packed.base + place / panel * rows * panel + place % panel
      for k in 0..<width { target[k * panel] = source[k] }
    }
  }

  /// `[4 * hidden, hidden]` to the packed right side of (gate gradients) · weights.
  private func packBackward(_ weights: UnsafePointer<Float>, into packed: FloatBuffer) {
    guard packed.count > 0 else { return }
    let panel = kernels.panel
    let width = shape.hiddenSize
    shape.forEachGate(lanes: kernels.lanes) { gate, place in
      let source = weights + gate * width
      for first in stride(from: 0, to: width, by: panel) {
        let target = packed.base + first * shape.gateWidth + place * panel
        target.update(from: source + first, count: min(panel, width - first))
      }
    }
  }
}
