/// How a token enters the first LSTM layer.
public enum InputEncoding: Sendable, Equatable {
  /// A learned vector of `dimension` numbers for each token (`embedding.weight`).
  case embedding(dimension: Int)
  /// A vector of zeros with a one at the token's place.
  case oneHot
  /// The token itself as one number: the paper's `input_size=1`.
  case scalar

  /// Width of what the LSTM sees, `input_size` of PyTorch's `nn.LSTM`.
  func width(vocabularySize: Int) -> Int {
    switch self {
    case .embedding(let dimension): dimension
    case .oneHot: vocabularySize
    case .scalar: 1
    }
  }
}
