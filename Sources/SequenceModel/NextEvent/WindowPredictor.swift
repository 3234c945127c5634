import SIMDKernels

/// Predicts the token after one window at a time without allocating anything: for streams. Its
/// answers are those of ``NextEventModel/infer(tokens:length:threads:)``. One thread at a time.
public final class WindowPredictor {
  private let network: NextEventNetwork
  private let work: LSTMWorkspace
  private let logits: FloatBuffer

  /// - Parameter length: tokens in a window, 1 or more; more than any model takes are cut.
  public init(model: NextEventModel, length: Int) {
    let length = min(max(length, 1), Limits.windowLength)
    network = model.network
    work = LSTMWorkspace(
      shape: model.shape.lstm, capacity: ChunkCapacity(count: 1, length: length), length: length,
      training: false)
    logits = FloatBuffer(model.configuration.vocabularySize)
  }

  /// ln p of each token after a window, `[vocabulary]`, which last until the next call; nil for a
  /// window of another length or with a token that there is not.
  public func logProbabilities(
    after window: UnsafeBufferPointer<Int32>
  ) -> UnsafeBufferPointer<Float>? {
    guard window.count == work.length else { return nil }
    for token in window where token < 0 || token >= logits.count { return nil }
    work.load(window)
    network.forward(work, into: logits.base)
    simd_log_softmax(network.kernels.ops, 1, logits.count, logits.base)
    return UnsafeBufferPointer(start: logits.base, count: logits.count)
  }
}
