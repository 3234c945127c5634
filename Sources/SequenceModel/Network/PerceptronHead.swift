/// Linear, ReLU, Linear: `nn.Sequential` with parameters `NAME.0` and `NAME.2`.
struct PerceptronHead: Sendable {
  let first, second: Linear

  init(
    _ name: String, inputs: Int, middle: Int, outputs: Int, addingTo layout: inout ParameterLayout
  ) {
    first = Linear(name + ".0", inputs: inputs, outputs: middle, addingTo: &layout)
    second = Linear(name + ".2", inputs: middle, outputs: outputs, addingTo: &layout)
  }
}

/// What a head leaves behind for one chunk.
final class PerceptronWorkspace: @unchecked Sendable {
  /// Activations of the middle layer and their gradients, `[rows, middle]`.
  let middle, middleGradient: FloatBuffer
  /// Outputs, then the loss's gradient by them, `[rows, outputs]`.
  let output: FloatBuffer

  init(_ head: PerceptronHead, capacity: Int, training: Bool) {
    middle = FloatBuffer(capacity * head.first.outputs)
    middleGradient = FloatBuffer(training ? capacity * head.first.outputs : 0)
    output = FloatBuffer(capacity * head.second.outputs)
  }

  /// Floats in all buffers.
  var floatCount: Int { middle.count + middleGradient.count + output.count }
}

/// A head's weights as the kernels read them.
final class PackedPerceptron: @unchecked Sendable {
  let head: PerceptronHead
  private let first, second: PackedLinear

  init(_ head: PerceptronHead, kernels: Kernels, training: Bool) {
    self.head = head
    first = PackedLinear(head.first, kernels: kernels, training: training)
    second = PackedLinear(head.second, kernels: kernels, training: training)
  }

  func load(_ parameters: UnsafePointer<Float>) {
    first.load(parameters)
    second.load(parameters)
  }

  func forward(rows: Int, _ x: UnsafePointer<Float>, xRow: Int, _ own: PerceptronWorkspace) {
    let width = head.first.outputs
    let middle = own.middle.base
    first.forward(rows: rows, x, xRow: xRow, into: middle, yRow: width)
    // Written so that a NaN passes through instead of turning into a healthy-looking zero.
    for index in 0..<rows * width where middle[index] < 0 { middle[index] = 0 }
    second.forward(
      rows: rows, middle, xRow: width, into: own.output.base, yRow: head.second.outputs)
  }

  /// Takes the gradient in `own.output` to the parameters and, added, to the input if that learns.
  func backward(
    rows: Int, _ x: UnsafePointer<Float>, xRow: Int, _ own: PerceptronWorkspace,
    into inputGradient: UnsafeMutablePointer<Float>?, to gradient: UnsafeMutablePointer<Float>,
    origin: Int, scratch: FloatBuffer
  ) {
    let width = head.first.outputs
    let middle = own.middle.base
    let back = own.middleGradient.base
    second.addGradient(
      rows: rows, own.output.base, yRow: head.second.outputs, middle, xRow: width, to: gradient,
      origin: origin, scratch: scratch)
    second.backward(
      rows: rows, own.output.base, yRow: head.second.outputs, into: back, xRow: width,
      accumulate: false)
    for index in 0..<rows * width where middle[index] <= 0 { back[index] = 0 }
    first.addGradient(
      rows: rows, back, yRow: width, x, xRow: xRow, to: gradient, origin: origin, scratch: scratch)
    guard let inputGradient else { return }
    first.backward(
      rows: rows, back, yRow: width, into: inputGradient, xRow: xRow, accumulate: true)
  }

  func scratchCount(rows: Int) -> Int {
    max(first.scratchCount(rows: rows), second.scratchCount(rows: rows))
  }
}
