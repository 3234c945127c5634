import SequenceModel

extension Options {
  var inputEncoding: InputEncoding {
    switch input {
    case .embedding: .embedding(dimension: embeddingSize)
    case .onehot: .oneHot
    case .scalar: .scalar
    }
  }

  /// Stage 1's network.
  func networkConfiguration(vocabulary: Vocabulary) -> NextEventConfiguration {
    NextEventConfiguration(
      inputEncoding: inputEncoding, vocabularySize: vocabulary.tokenCount, hiddenSize: hiddenSize,
      layerCount: layers, dropout: Float(dropout))
  }

  /// Stage 4's network.
  func classifierConfiguration(
    vocabulary: Vocabulary, featureSize: Int, kindCount: Int
  ) -> KindClassifierConfiguration {
    KindClassifierConfiguration(
      inputEncoding: inputEncoding, vocabularySize: vocabulary.tokenCount, featureSize: featureSize,
      kindCount: kindCount, hiddenSize: hiddenSize, layerCount: layers, dropout: Float(dropout),
      attentionHeads: attentionHeads,
      lossWeights: LossWeights(
        sequence: Float(lossWeights[0]), kind: Float(lossWeights[1]),
        consistency: Float(lossWeights[2])))
  }

  /// The hidden state that stands for a unit: h_T of a window, that of a session's most surprising
  /// point.
  func unitState(of score: UnitScore, kind: UnitKind) -> [Float] {
    kind == .window ? score.lastState : score.decisiveState
  }
}
