import SIMDKernels

/// A fully connected layer y = x · weightᵀ + bias, as PyTorch's `nn.Linear`, or a block of rows of
/// one.
struct Linear: Sendable {
  let inputs: Int
  let outputs: Int
  /// Offset of the weights `[outputs, inputs]` among the parameters.
  let weight: Int
  /// Offset of the biases `[outputs]`.
  let bias: Int?

  init(inputs: Int, outputs: Int, weight: Int, bias: Int?) {
    self.inputs = inputs
    self.outputs = outputs
    self.weight = weight
    self.bias = bias
  }

  init(_ name: String, inputs: Int, outputs: Int, addingTo layout: inout ParameterLayout) {
    self.inputs = inputs
    self.outputs = outputs
    weight = layout.add(name + ".weight", [outputs, inputs], .linear(inputs: inputs))
    bias = layout.add(name + ".bias", [outputs], .linear(inputs: inputs))
  }
}

/// A fully connected layer's weights as the kernels read them. Rows of matrices may be longer than
/// the layer is wide: `xRow`, `yRow`.
final class PackedLinear: @unchecked Sendable {
  let layer: Linear
  let kernels: Kernels
  private let forwardWeights, backwardWeights, bias: FloatBuffer

  init(_ layer: Linear, kernels: Kernels, training: Bool) {
    self.layer = layer
    self.kernels = kernels
    forwardWeights = FloatBuffer(simd_packed_count(kernels.ops, layer.inputs, layer.outputs))
    backwardWeights = FloatBuffer(
      training ? simd_packed_count(kernels.ops, layer.outputs, layer.inputs) : 0)
    bias = FloatBuffer(layer.outputs)
  }

  func load(_ parameters: UnsafePointer<Float>) {
    let weights = parameters + layer.weight
    simd_pack(
      kernels.ops, layer.inputs, layer.outputs, weights, 1, layer.inputs, forwardWeights.base)
    if backwardWeights.count > 0 {
      simd_pack(
        kernels.ops, layer.outputs, layer.inputs, weights, layer.inputs, 1, backwardWeights.base)
    }
    if let offset = layer.bias {
      bias.base.update(from: parameters + offset, count: layer.outputs)
    }
  }

  /// y `[rows, outputs]` = x `[rows, inputs]` · weightᵀ + bias.
  func forward(
    rows: Int, _ x: UnsafePointer<Float>, xRow: Int, into y: UnsafeMutablePointer<Float>, yRow: Int
  ) {
    for row in 0..<rows { (y + row * yRow).update(from: bias.base, count: layer.outputs) }
    kernels.multiply(
      rows: rows, columns: layer.outputs, depth: layer.inputs, x, aRow: xRow,
      packed: forwardWeights.base, into: y, cRow: yRow, accumulate: true)
  }

  /// x `[rows, inputs]` (+)= y `[rows, outputs]` · weight: the gradient of the input from that of
  /// the output.
  func backward(
    rows: Int, _ y: UnsafePointer<Float>, yRow: Int, into x: UnsafeMutablePointer<Float>, xRow: Int,
    accumulate: Bool
  ) {
    kernels.multiply(
      rows: rows, columns: layer.inputs, depth: layer.outputs, y, aRow: yRow,
      packed: backwardWeights.base, into: x, cRow: xRow, accumulate: accumulate)
  }

  /// Adds the gradients of weights and biases, yᵀ · x and the sum of y, to `gradient`, which starts
  /// at parameter `origin`.
  func addGradient(
    rows: Int, _ y: UnsafePointer<Float>, yRow: Int, _ x: UnsafePointer<Float>, xRow: Int,
    to gradient: UnsafeMutablePointer<Float>, origin: Int, scratch: FloatBuffer
  ) {
    simd_pack(kernels.ops, rows, layer.inputs, x, xRow, 1, scratch.base)
    kernels.multiply(
      rows: layer.outputs, columns: layer.inputs, depth: rows, y, aRow: 1, aColumn: yRow,
      packed: scratch.base, into: gradient + layer.weight - origin, cRow: layer.inputs,
      accumulate: true)
    guard let offset = layer.bias else { return }
    for row in 0..<rows {
      simd_axpy(kernels.ops, layer.outputs, 1, y + row * yRow, gradient + offset - origin)
    }
  }

  /// Floats of scratch that `addGradient` needs.
  func scratchCount(rows: Int) -> Int {
    simd_packed_count(kernels.ops, rows, layer.inputs)
  }
}
