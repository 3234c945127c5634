/// Sizes of a stack of LSTM layers and the places of its parameters, named as by PyTorch's
/// `nn.LSTM`.
///
/// Inside, hidden states are padded to a multiple of 16 units, whose weights are zero and whose
/// states therefore stay zero. Gates are kept in "gate panels": for each block of `lanes` units the
/// vectors of the input, forget, candidate and output gate.
struct LSTMShape: Sendable {
  struct Layer: Sendable {
    let weightInput, weightHidden, biasInput, biasHidden: Int
  }

  let encoding: InputEncoding
  let vocabularySize: Int
  let hiddenSize: Int
  let inputWidth: Int
  let dropout: Float
  /// Hidden units with padding.
  let units: Int
  /// Offset of `embedding.weight`, if there is one.
  let embedding: Int?
  let layers: [Layer]

  /// Adds the parameters to a layout. All sizes must have been validated.
  init(_ configuration: NextEventConfiguration, addingTo layout: inout ParameterLayout) {
    encoding = configuration.inputEncoding
    vocabularySize = configuration.vocabularySize
    hiddenSize = configuration.hiddenSize
    inputWidth = encoding.width(vocabularySize: vocabularySize)
    dropout = configuration.dropout
    units = (hiddenSize + 15) / 16 * 16
    if case .embedding(let dimension) = encoding {
      embedding = layout.add("embedding.weight", [vocabularySize, dimension], .normal)
    } else {
      embedding = nil
    }
    let start = ParameterLayout.Start.linear(inputs: hiddenSize)
    var layers: [Layer] = []
    for layer in 0..<configuration.layerCount {
      let inputs = layer == 0 ? inputWidth : hiddenSize
      layers.append(
        Layer(
          weightInput: layout.add("lstm.weight_ih_l\(layer)", [4 * hiddenSize, inputs], start),
          weightHidden: layout.add(
            "lstm.weight_hh_l\(layer)", [4 * hiddenSize, hiddenSize], start),
          biasInput: layout.add("lstm.bias_ih_l\(layer)", [4 * hiddenSize], start),
          biasHidden: layout.add("lstm.bias_hh_l\(layer)", [4 * hiddenSize], start)))
    }
    self.layers = layers
  }

  /// Width of a row of gate panels: four gates of the padded units.
  var gateWidth: Int { 4 * units }

  /// Calls `body` with the row of PyTorch's `[4 * hidden, …]` matrices and its place among the gate
  /// panels.
  func forEachGate(lanes: Int, _ body: (_ row: Int, _ place: Int) -> Void) {
    for gate in 0..<4 {
      for unit in 0..<hiddenSize {
        let place = unit / lanes * 4 * lanes + gate * lanes + unit % lanes
        body(gate * hiddenSize + unit, place)
      }
    }
  }
}

/// Checks before anything is allocated that the parameters of a configuration are not too many.
func requireParameterCount(_ configuration: NextEventConfiguration) throws(SequenceModelError) {
  // The limits of the single sizes keep these products far from overflow.
  let hidden = configuration.hiddenSize
  let width = configuration.inputEncoding.width(vocabularySize: configuration.vocabularySize)
  let recurrent =
    4 * hidden * (width + hidden + 2) + (configuration.layerCount - 1) * 8 * hidden * (hidden + 1)
  let outside = configuration.vocabularySize * (hidden + 1 + width)
  if case .embedding = configuration.inputEncoding {
    if recurrent + outside > Limits.parameterCount { throw .tooLarge(name: "parameters") }
  } else if recurrent + configuration.vocabularySize * (hidden + 1) > Limits.parameterCount {
    throw .tooLarge(name: "parameters")
  }
  // The first layer works from a table of what each token contributes to the gates.
  if configuration.vocabularySize * 4 * (hidden + 15) > Limits.parameterCount {
    throw .tooLarge(name: "parameters")
  }
}
