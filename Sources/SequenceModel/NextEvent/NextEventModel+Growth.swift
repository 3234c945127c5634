extension NextEventModel {
  /// This network with another set of tokens.
  ///
  /// A token that was there before keeps its weights; a new one begins with those of a token that it
  /// is like. Nothing else changes: among the tokens of before the ratios of the probabilities stay.
  ///
  /// - Parameter sources: the token of this network from which each token of the new one has its
  ///   weights, `[vocabulary]`.
  public func rearranged(tokens sources: [Int32]) throws(SequenceModelError) -> NextEventModel {
    let old = self.configuration.vocabularySize
    try requireRange("sources", sources, 0..<old)
    var configuration = self.configuration
    configuration.vocabularySize = sources.count
    let isOneHot = configuration.inputEncoding == .oneHot
    let tensors = self.tensors.map { tensor in
      switch tensor.name {
      case "embedding.weight", "classifier.weight", "classifier.bias":
        tensor.selectingRows(sources, of: old)
      case "lstm.weight_ih_l0" where isOneHot: tensor.selectingColumns(sources, of: old)
      default: tensor
      }
    }
    return try NextEventModel(configuration: configuration, tensors: tensors)
  }

  /// The mean cross-entropy of the targets of weighted windows, in nats; 0 without any.
  public func loss(
    _ windows: WeightedWindows, threads: Int = 1
  ) throws(SequenceModelError) -> Double {
    try windows.validate(vocabularySize: configuration.vocabularySize)
    let classes = configuration.vocabularySize
    var sum = 0.0
    var weight = 0.0
    for start in stride(from: 0, to: windows.count, by: Self.lossBlock) {
      let rows = start..<min(start + Self.lossBlock, windows.count)
      let tokens = Array(
        windows.tokens[(rows.lowerBound * windows.length)..<(rows.upperBound * windows.length)])
      let found = try infer(tokens: tokens, length: windows.length, threads: threads)
      for (place, row) in rows.enumerated() {
        let probability = found.logProbabilities[place * classes + Int(windows.targets[row])]
        sum -= Double(windows.weights[row]) * Double(probability)
        weight += Double(windows.weights[row])
      }
    }
    return weight > 0 ? sum / weight : 0
  }

  /// Windows that are looked at together: bounds the memory of their probabilities.
  private static let lossBlock = 8_192
}

extension Tensor {
  /// A tensor `[rows, …]` of which other rows, or the same in another order, are taken.
  fileprivate func selectingRows(_ rows: [Int32], of count: Int) -> Tensor {
    let width = values.count / max(count, 1)
    var shape = shape
    shape[0] = rows.count
    return Tensor(
      name: name, shape: shape,
      values: rows.flatMap { values[(Int($0) * width)..<((Int($0) + 1) * width)] })
  }

  /// A tensor `[rows, columns]` of which other columns are taken.
  fileprivate func selectingColumns(_ columns: [Int32], of count: Int) -> Tensor {
    let rows = values.count / max(count, 1)
    return Tensor(
      name: name, shape: [rows, columns.count],
      values: (0..<rows).flatMap { row in columns.map { values[row * count + Int($0)] } })
  }
}
