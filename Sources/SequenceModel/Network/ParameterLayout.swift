/// Where each named parameter of a network stands in one flat array, and how it starts.
struct ParameterLayout: Sendable {
  /// Starting values, as PyTorch's modules draw them.
  enum Start: Sendable {
    case zero
    case normal
    case uniform(bound: Double)

    /// The start of `nn.Linear` with this many inputs, for weight and bias.
    static func linear(inputs: Int) -> Start { .uniform(bound: 1 / Double(inputs).squareRoot()) }
  }

  struct Entry: Sendable {
    let name: String
    let shape: [Int]
    let offset: Int
    let count: Int
    let start: Start
  }

  private(set) var entries: [Entry] = []
  private(set) var count = 0

  /// Appends a parameter and returns its offset.
  mutating func add(_ name: String, _ shape: [Int], _ start: Start) -> Int {
    let size = shape.reduce(1, *)
    let offset = count
    entries.append(Entry(name: name, shape: shape, offset: offset, count: size, start: start))
    count += size
    return offset
  }
}

/// The values of all parameters of a network.
struct Parameters: Sendable {
  let layout: ParameterLayout
  var values: [Float]

  /// Draws starting values; each parameter has a random stream of its own.
  init(layout: ParameterLayout, seed: UInt64) {
    self.layout = layout
    values = []
    values.reserveCapacity(layout.count)
    for (index, entry) in layout.entries.enumerated() {
      var generator = SeededGenerator(seed, 1, UInt64(index))
      for _ in 0..<entry.count {
        switch entry.start {
        case .zero: values.append(0)
        case .normal: values.append(generator.normal())
        case .uniform(let bound): values.append(generator.symmetric(bound))
        }
      }
    }
  }

  /// Takes values from tensors, in any order; each parameter must be there once and nothing else.
  init(layout: ParameterLayout, tensors: [Tensor]) throws(SequenceModelError) {
    self.layout = layout
    values = [Float](repeating: 0, count: layout.count)
    var found: [String: Tensor] = [:]
    for tensor in tensors {
      guard found.updateValue(tensor, forKey: tensor.name) == nil else {
        throw .unexpectedTensor(name: tensor.name)
      }
    }
    for entry in layout.entries {
      guard let tensor = found.removeValue(forKey: entry.name) else {
        throw .missingTensor(name: entry.name)
      }
      guard tensor.shape == entry.shape, tensor.values.count == entry.count else {
        throw .wrongShape(name: entry.name, expected: entry.shape, found: tensor.shape)
      }
      try requireFinite(entry.name, tensor.values)
      values.replaceSubrange(entry.offset..<entry.offset + entry.count, with: tensor.values)
    }
    for tensor in tensors where found[tensor.name] != nil {
      throw .unexpectedTensor(name: tensor.name)
    }
  }

  var tensors: [Tensor] {
    layout.entries.map { entry in
      Tensor(
        name: entry.name, shape: entry.shape,
        values: Array(values[entry.offset..<entry.offset + entry.count]))
    }
  }
}
