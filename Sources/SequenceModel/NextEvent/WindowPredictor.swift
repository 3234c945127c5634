import SIMDKernels

/// Predicts the token after one window at a time without allocating anything: for streams. Its
/// answers are those of ``NextEventModel/infer(tokens:length:threads:)``. One thread at a time.
public final class WindowPredictor {
  private let network: NextEventNetwork
  private let work: NextEventWorkspace

  /// - Parameter length: tokens in a window, 1 or more; more than any model takes are cut.
  public init(model: NextEventModel, length: Int) {
    let length = min(max(length, 1), Limits.windowLength)
    network = model.network
    work = NextEventWorkspace(
      model.shape, capacity: ChunkCapacity(count: 1, length: length), length: length)
  }

  /// The last layer's hidden state after a window, `[hidden]`, which lasts until the next call; nil
  /// for a window of another length or with a token that there is not.
  public func hiddenState(
    after window: UnsafeBufferPointer<Int32>
  ) -> UnsafeBufferPointer<Float>? {
    guard window.count == work.length else { return nil }
    for token in window where token < 0 || token >= work.logits.count { return nil }
    work.lstm.load(window)
    network.lstm.forward(work.lstm)
    return UnsafeBufferPointer(start: work.lstm.top, count: network.shape.classifier.inputs)
  }

  /// ln p of each token after a window with this hidden state, `[vocabulary]`, which last until the
  /// next call; nil for a state of another size.
  public func logProbabilities(
    of state: UnsafeBufferPointer<Float>
  ) -> UnsafeBufferPointer<Float>? {
    guard let base = state.baseAddress, state.count == network.shape.classifier.inputs else {
      return nil
    }
    network.logProbabilities(rows: 1, base, xRow: state.count, into: work.logits.base)
    return UnsafeBufferPointer(start: work.logits.base, count: work.logits.count)
  }
}
