import SIMDKernels

/// The recurrent weights of a stack of LSTM layers in 16-bit integers, for inference: half the bytes,
/// which is what a single window waits for, and up to half the instructions.
///
/// Each row of PyTorch's matrices has a scale of its own, as fine as 32-bit sums allow: a hidden state
/// is at most 1, so a sum is at most that of the magnitudes of its weights, and cannot overflow.
final class QuantisedLSTM: @unchecked Sendable {
  /// `[units / lanes][units / 2][panel][2]` a layer; none of the first layer's input, which is a table.
  let hidden, input: [AlignedBuffer<Int16>]
  /// What a sum of a layer's gates is multiplied by, `[gateWidth]`.
  let hiddenScales, inputScales: [FloatBuffer]

  /// Magnitudes of a row's weights together at most.
  private static let magnitudeLimit = Float(Int32.max) / SIMD_STATE_SCALE
  /// Standard deviation of a pre-activation's error, for states of 1, above which weights are too
  /// large or unlike to be rounded. HDFS has 0.00017, and states are smaller.
  private static let errorLimit: Float = 0.0005

  /// nil where some row would be rounded too coarsely or holds what is not finite.
  init?(_ shape: LSTMShape, kernels: Kernels, parameters: UnsafePointer<Float>) {
    let depth = shape.layers.count
    let square = shape.units * shape.gateWidth
    hidden = (0..<depth).map { _ in AlignedBuffer(square) }
    input = (0..<depth).map { AlignedBuffer($0 == 0 ? 0 : square) }
    hiddenScales = (0..<depth).map { _ in FloatBuffer(shape.gateWidth) }
    inputScales = (0..<depth).map { FloatBuffer($0 == 0 ? 0 : shape.gateWidth) }
    for (index, layer) in shape.layers.enumerated() {
      guard
        Self.pack(
          parameters + layer.weightHidden, shape, kernels, into: hidden[index],
          scales: hiddenScales[index])
      else { return nil }
      guard index > 0 else { continue }
      guard
        Self.pack(
          parameters + layer.weightInput, shape, kernels, into: input[index],
          scales: inputScales[index])
      else { return nil }
    }
  }

  /// Rounds and packs `[4 * hidden, hidden]`; false where that is too coarse.
  private static func pack(
    _ weights: UnsafePointer<Float>, _ shape: LSTMShape, _ kernels: Kernels,
    into packed: AlignedBuffer<Int16>, scales: FloatBuffer
  ) -> Bool {
    let panel = kernels.panel
    let width = shape.hiddenSize
    var isFine = true
    shape.forEachGate(lanes: kernels.lanes) { gate, place in
      let row = UnsafeBufferPointer(start: weights + gate * width, count: width)
      guard let factor = factor(row) else {
        isFine = false
        return
      }
      let target = packed.base + place / panel * shape.units * panel + place % panel * 2
      for k in 0..<width {
        target[k / 2 * 2 * panel + k % 2] = Int16((row[k] * factor).rounded())
      }
      scales.base[place] = 1 / (factor * SIMD_STATE_SCALE)
    }
    return isFine
  }

  /// What a row's weights are multiplied by before they are rounded; nil where that is too little.
  private static func factor(_ row: UnsafeBufferPointer<Float>) -> Float? {
    var sum: Float = 0
    var largest: Float = 0
    for weight in row {
      sum += abs(weight)
      largest = max(largest, abs(weight))
    }
    guard sum.isFinite else { return nil }
    let count = Float(row.count)
    // Rounding adds half a unit a weight at most; the sum's own rounding is far below the other half.
    let room = magnitudeLimit - count
    let finest = Float(1 << 20)
    let factor = min(room / max(sum, 1e-6), Float(Int16.max) / max(largest, 1e-6), finest)
    guard factor > 0, (count / 12).squareRoot() / factor < errorLimit else { return nil }
    return factor
  }
}
