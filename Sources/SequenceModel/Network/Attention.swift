/// Multi-head self-attention of which only the last position's output is used, with the parameters
/// of PyTorch's `nn.MultiheadAttention`.
///
/// A query that is alone needs no keys and values of every position: q · (W_k h) = (W_kᵀ q) · h,
/// and Σ p (W_v h + b) = W_v (Σ p h) + b. The key's bias adds the same to every score, which
/// softmax ignores, so its gradient is zero.
struct Attention: Sendable {
  let heads: Int
  let hiddenSize: Int
  let query: Linear
  /// Blocks of rows of the input projection, one a head.
  let keys, values: [Linear]
  let output: Linear

  var headSize: Int { hiddenSize / heads }

  init(hiddenSize: Int, heads: Int, addingTo layout: inout ParameterLayout) {
    self.heads = heads
    self.hiddenSize = hiddenSize
    let size = hiddenSize / heads
    // Glorot and Bengio's uniform start over the three projections together, as PyTorch has it.
    let bound = (6 / Double(4 * hiddenSize)).squareRoot()
    let weight = layout.add(
      "attention.in_proj_weight", [3 * hiddenSize, hiddenSize], .uniform(bound: bound))
    let bias = layout.add("attention.in_proj_bias", [3 * hiddenSize], .zero)
    query = Linear(inputs: hiddenSize, outputs: hiddenSize, weight: weight, bias: bias)
    keys = (0..<heads).map { head in
      Linear(
        inputs: hiddenSize, outputs: size, weight: weight + (hiddenSize + head * size) * hiddenSize,
        bias: nil)
    }
    values = (0..<heads).map { head in
      let row = 2 * hiddenSize + head * size
      return Linear(
        inputs: hiddenSize, outputs: size, weight: weight + row * hiddenSize, bias: bias + row)
    }
    output = Linear(
      inputs: hiddenSize, outputs: hiddenSize,
      weight: layout.add(
        "attention.out_proj.weight", [hiddenSize, hiddenSize], .linear(inputs: hiddenSize)),
      bias: layout.add("attention.out_proj.bias", [hiddenSize], .zero))
  }
}

/// What attention leaves behind for one chunk.
final class AttentionWorkspace: @unchecked Sendable {
  /// Last position's query, then its gradient, `[rows, hidden]`.
  let query: FloatBuffer
  /// W_kᵀ q of each head, then its gradient, `[heads, rows, hidden]`.
  let lookup: FloatBuffer
  /// Attention weights, `[rows, heads, time]`, and the gradients of the scores.
  let weights, scoreGradient: FloatBuffer
  /// Weighted sums of hidden states, `[heads, rows, hidden]`, and their gradients.
  let mixed, mixedGradient: FloatBuffer
  /// The heads' results side by side, `[rows, hidden]`, and their gradients.
  let context, contextGradient: FloatBuffer
  let lookupGradient: FloatBuffer

  init(_ attention: Attention, rows capacity: Int, length: Int, training: Bool) {
    let state = capacity * attention.hiddenSize
    let gradients = training ? 1 : 0
    query = FloatBuffer(state)
    lookup = FloatBuffer(attention.heads * state)
    weights = FloatBuffer(capacity * attention.heads * length)
    scoreGradient = FloatBuffer(gradients * length)
    mixed = FloatBuffer(attention.heads * state)
    mixedGradient = FloatBuffer(gradients * attention.heads * state)
    context = FloatBuffer(state)
    contextGradient = FloatBuffer(gradients * state)
    lookupGradient = FloatBuffer(gradients * attention.heads * state)
  }

  /// Floats in all buffers.
  var floatCount: Int {
    [
      query, lookup, weights, scoreGradient, mixed, mixedGradient, context, contextGradient,
      lookupGradient,
    ].reduce(0) { $0 + $1.count }
  }
}
