/// What one chunk of sequences leaves behind on its way through the LSTM layers; one worker uses it
/// at a time.
///
/// Time comes before rows everywhere, `[time, rows, units]`, so that a step is contiguous and all
/// steps together are one matrix.
final class LSTMWorkspace: @unchecked Sendable {
  /// Rows that fit.
  let capacity: Int
  let length: Int
  /// Rows of the chunk at hand.
  var rows = 0
  /// Tokens, `[time, rows]`.
  let tokens: UnsafeMutablePointer<Int32>
  /// Hidden states of each layer, `[time, rows, units]`.
  let hidden: [FloatBuffer]
  /// Cell states of each layer, `[time, rows, units]`; without training only the last.
  let cell: [FloatBuffer]
  /// Activated gates of each layer, then their gradients, `[units / lanes][time, rows, panel]`;
  /// training only.
  let gates: [FloatBuffer]
  /// Dropout factors between a layer and the next and the hidden states after them, `[time, rows,
  /// units]`; only with dropout.
  let masks, dropped: [FloatBuffer]
  /// Gradients of a layer's hidden states, and of the layer's below, `[time, rows, units]`.
  let outputGradients: [FloatBuffer]
  let cellGradient: FloatBuffer

  init(shape: LSTMShape, capacity: Int, length: Int, training: Bool) {
    self.capacity = capacity
    self.length = length
    let states = length * capacity * shape.units
    let depth = shape.layers.count
    tokens = .allocate(capacity: max(length * capacity, 1))
    tokens.initialize(repeating: 0, count: max(length * capacity, 1))
    hidden = (0..<depth).map { _ in FloatBuffer(states) }
    cell = (0..<depth).map { _ in FloatBuffer(training ? states : capacity * shape.units) }
    gates = (0..<depth).map { _ in FloatBuffer(training ? 4 * states : 0) }
    let between = training && shape.dropout > 0 ? depth - 1 : 0
    masks = (0..<between).map { _ in FloatBuffer(states) }
    dropped = (0..<between).map { _ in FloatBuffer(states) }
    outputGradients = (0..<2).map { _ in FloatBuffer(training ? states : 0) }
    cellGradient = FloatBuffer(training ? capacity * shape.units : 0)
  }

  deinit {
    tokens.deallocate()
  }

  /// The last layer's hidden states at one time step, `[rows, units]`.
  func top(at time: Int, units: Int) -> UnsafeMutablePointer<Float> {
    hidden[hidden.count - 1].base + time * rows * units
  }

  /// Where the loss puts the gradient of the last layer's hidden states, `[time, rows, units]`;
  /// cleared by `clearTopGradient`.
  func topGradient(at time: Int, units: Int) -> UnsafeMutablePointer<Float> {
    outputGradients[0].base + time * rows * units
  }

  func clearTopGradient(units: Int) {
    outputGradients[0].base.update(repeating: 0, count: length * rows * units)
  }
}
