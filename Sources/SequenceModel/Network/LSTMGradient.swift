import SIMDKernels

/// Sums of gradients of a stack of LSTM layers, in the kernels' order.
final class LSTMGradient: @unchecked Sendable {
  let shape: LSTMShape
  let kernels: Kernels
  /// Gradients of the first layer's table, `[vocabulary, gateWidth]`, and which rows are not zero.
  let table: FloatBuffer
  private(set) var touched: [Bool]
  let bias, hidden, input: [FloatBuffer]

  init(shape: LSTMShape, kernels: Kernels) {
    self.shape = shape
    self.kernels = kernels
    let square = shape.units * shape.gateWidth
    let depth = shape.layers.count
    table = FloatBuffer(shape.vocabularySize * shape.gateWidth)
    touched = [Bool](repeating: false, count: shape.vocabularySize)
    bias = (0..<depth).map { FloatBuffer($0 == 0 ? 0 : shape.gateWidth) }
    hidden = (0..<depth).map { _ in FloatBuffer(square) }
    input = (0..<depth).map { FloatBuffer($0 == 0 ? 0 : square) }
  }

  func clear() {
    for token in touched.indices where touched[token] {
      (table.base + token * shape.gateWidth).update(repeating: 0, count: shape.gateWidth)
      touched[token] = false
    }
    for buffer in bias + hidden + input { buffer.clear() }
  }

  func touch(_ tokens: UnsafeBufferPointer<Int32>) {
    for token in tokens { touched[Int(token)] = true }
  }

  func add(_ other: LSTMGradient) {
    for token in touched.indices where other.touched[token] {
      let start = token * shape.gateWidth
      simd_axpy(
        kernels.ops, shape.gateWidth, 1, other.table.base + start, table.base + start)
      touched[token] = true
    }
    for (mine, theirs) in zip(bias + hidden + input, other.bias + other.hidden + other.input) {
      simd_axpy(kernels.ops, mine.count, 1, theirs.base, mine.base)
    }
  }

  /// Writes the gradients in PyTorch's layout. The embedding's needs the current weights.
  func unpack(parameters: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>) {
    unpackTable(parameters, into: gradient)
    for (index, layer) in shape.layers.enumerated() {
      unpack(hidden[index], into: gradient + layer.weightHidden)
      guard index > 0 else { continue }
      unpack(input[index], into: gradient + layer.weightInput)
      shape.forEachGate(lanes: kernels.lanes) { gate, place in
        gradient[layer.biasInput + gate] = bias[index].base[place]
        gradient[layer.biasHidden + gate] = bias[index].base[place]
      }
    }
  }

  private func unpack(_ packed: FloatBuffer, into weights: UnsafeMutablePointer<Float>) {
    let panel = kernels.panel
    shape.forEachGate(lanes: kernels.lanes) { gate, place in
      let source = packed.base + place / panel * shape.units * panel + place % panel
      let target = weights + gate * shape.hiddenSize
      for k in 0..<shape.hiddenSize { target[k] = source[k * panel] }
    }
  }

  private func unpackTable(
    _ parameters: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>
  ) {
    let layer = shape.layers[0]
    let width = shape.gateWidth
    let count = shape.vocabularySize
    let weights = gradient + layer.weightInput
    let sum = FloatBuffer(width)
    let weighted = FloatBuffer(width)
    for token in 0..<count where touched[token] {
      let row = table.base + token * width
      simd_axpy(kernels.ops, width, 1, row, sum.base)
      simd_axpy(kernels.ops, width, Float(token), row, weighted.base)
    }
    shape.forEachGate(lanes: kernels.lanes) { gate, place in
      gradient[layer.biasInput + gate] = sum.base[place]
      gradient[layer.biasHidden + gate] = sum.base[place]
    }
    switch shape.encoding {
    case .scalar:
      shape.forEachGate(lanes: kernels.lanes) { gate, place in weights[gate] = weighted.base[place]
      }
    case .oneHot:
      shape.forEachGate(lanes: kernels.lanes) { gate, place in
        for token in 0..<count { weights[gate * count + token] = table.base[token * width + place] }
      }
    case .embedding(let dimension):
      guard let embedding = shape.embedding else { return }
      unpackEmbedding(
        dimension, vectors: parameters + embedding, weights: parameters + layer.weightInput,
        vectorGradient: gradient + embedding, weightGradient: weights)
    }
  }

  /// The table is embedding · weightsᵀ, so its gradient goes to both.
  private func unpackEmbedding(
    _ dimension: Int, vectors: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    vectorGradient: UnsafeMutablePointer<Float>, weightGradient: UnsafeMutablePointer<Float>
  ) {
    let width = shape.gateWidth
    let count = shape.vocabularySize
    let ordered = FloatBuffer(width * dimension)
    shape.forEachGate(lanes: kernels.lanes) { gate, place in
      (ordered.base + place * dimension).update(from: weights + gate * dimension, count: dimension)
    }
    let packedWeights = FloatBuffer(simd_packed_count(kernels.ops, width, dimension))
    simd_pack(kernels.ops, width, dimension, ordered.base, dimension, 1, packedWeights.base)
    kernels.multiply(
      rows: count, columns: dimension, depth: width, table.base, aRow: width,
      packed: packedWeights.base, into: vectorGradient, cRow: dimension, accumulate: false)
    let packedTable = FloatBuffer(simd_packed_count(kernels.ops, count, width))
    simd_pack(kernels.ops, count, width, table.base, width, 1, packedTable.base)
    let transposed = FloatBuffer(dimension * width)
    kernels.multiply(
      rows: dimension, columns: width, depth: count, vectors, aRow: 1, aColumn: dimension,
      packed: packedTable.base, into: transposed.base, cRow: width, accumulate: false)
    shape.forEachGate(lanes: kernels.lanes) { gate, place in
      for k in 0..<dimension {
        weightGradient[gate * dimension + k] = transposed.base[k * width + place]
      }
    }
  }
}
