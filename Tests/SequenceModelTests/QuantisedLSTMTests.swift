import Testing

@testable import SequenceModel

/// Inference in 16-bit integers beside the same layers in single precision.
@Suite struct QuantisedLSTMTests {
  private func model(hiddenSize: Int, scaled factor: Float = 1) throws -> NextEventModel {
    let configuration = NextEventConfiguration(vocabularySize: 9, hiddenSize: hiddenSize)
    let drawn = try NextEventModel(configuration: configuration, seed: 4)
    let tensors = drawn.tensors.map { tensor in
      guard tensor.name.hasPrefix("lstm.weight") else { return tensor }
      return Tensor(
        name: tensor.name, shape: tensor.shape, values: tensor.values.map { $0 * factor })
    }
    return try NextEventModel(configuration: configuration, tensors: tensors)
  }

  private func windows(_ count: Int, length: Int) -> [Int32] {
    var generator = SeededGenerator(7)
    return (0..<count * length).map { _ in Int32(generator.next() % 9) }
  }

  /// The last layer's hidden states by the layers that training uses.
  private func singlePrecision(_ model: NextEventModel, _ tokens: [Int32], length: Int) -> [Float] {
    let network = NextEventNetwork(
      model.shape, kernels: model.kernels, training: true, precision: .single)
    network.load(FloatBuffer(model.parameters.values))
    let count = tokens.count / length
    let work = LSTMWorkspace(
      shape: model.shape.lstm, capacity: ChunkCapacity(count: count, length: length),
      length: length, training: false)
    let order = WindowOrder(tokens: tokens, length: length)
    work.load(order, places: 0..<count)
    network.lstm.forward(work)
    let size = model.configuration.hiddenSize
    var result = [Float](repeating: 0, count: count * size)
    for (place, row) in order.rows.enumerated() {
      let state = work.top + Int(work.leaves[place]) * work.units
      for unit in 0..<size { result[Int(row) * size + unit] = state[unit] }
    }
    return result
  }

  /// Weights up to five times as large as drawn ones, beyond those of trained networks.
  @Test(arguments: [
    (1, factor: Float(1), limit: Float(3e-4)), (10, 1, 3e-4), (128, 1, 3e-4), (128, 3, 1e-3),
    (128, 5, 2e-3),
  ])
  func statesAreThoseOfSinglePrecisionButForRounding(
    hiddenSize: Int, factor: Float, limit: Float
  ) throws {
    let model = try model(hiddenSize: hiddenSize, scaled: factor)
    #expect(model.network.lstm.quantised != nil)
    let tokens = windows(40, length: 10)
    let expected = singlePrecision(model, tokens, length: 10)
    let found = try model.infer(tokens: tokens, length: 10).hiddenStates
    let difference = largestDifference(found, expected)
    #expect(difference > 0)
    #expect(difference < limit)
  }

  @Test func oneWindowGivesWhatItGivesAmongOthers() throws {
    let model = try model(hiddenSize: 48)
    let tokens = windows(30, length: 6)
    let all = try model.infer(tokens: tokens, length: 6)
    for row in 0..<30 {
      let own = try model.infer(tokens: Array(tokens[row * 6..<row * 6 + 6]), length: 6)
      #expect(own.hiddenStates == Array(all.hiddenStates[row * 48..<row * 48 + 48]))
    }
  }

  /// One weight of a thousand leaves its neighbours too few bits.
  @Test func weightsThatAreTooUnlikeStayInSinglePrecision() throws {
    let configuration = NextEventConfiguration(vocabularySize: 9, hiddenSize: 16)
    let tensors = try NextEventModel(configuration: configuration, seed: 4).tensors.map { tensor in
      var tensor = tensor
      if tensor.name == "lstm.weight_hh_l1" { tensor.values[100] = 1000 }
      return tensor
    }
    let model = try NextEventModel(configuration: configuration, tensors: tensors)
    #expect(model.network.lstm.quantised == nil)
    let tokens = windows(20, length: 5)
    #expect(
      try model.infer(tokens: tokens, length: 5).hiddenStates
        == singlePrecision(model, tokens, length: 5))
  }

  @Test func weightsThatAreTooLargeStayInSinglePrecision() throws {
    #expect(try model(hiddenSize: 128, scaled: 8).network.lstm.quantised == nil)
  }

  @Test func weightsAtTheLimitDoNotOverflow() throws {
    // Equal weights and saturated states: the sums are as large as they can be.
    let configuration = NextEventConfiguration(
      inputEncoding: .oneHot, vocabularySize: 3, hiddenSize: 128, layerCount: 2)
    let drawn = try NextEventModel(configuration: configuration, seed: 1)
    let tensors = drawn.tensors.map { tensor in
      Tensor(
        name: tensor.name, shape: tensor.shape,
        values: tensor.values.map { _ in
          tensor.name == "lstm.weight_ih_l0" ? 30 : tensor.name.hasPrefix("lstm.weight") ? 0.25 : 0
        })
    }
    let model = try NextEventModel(configuration: configuration, tensors: tensors)
    #expect(model.network.lstm.quantised != nil)
    let tokens: [Int32] = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0]
    let found = try model.infer(tokens: tokens, length: 10).hiddenStates
    #expect(found.allSatisfy { $0 > 0.99 })
    #expect(largestDifference(found, singlePrecision(model, tokens, length: 10)) < 3e-4)
  }
}
