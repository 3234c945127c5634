import SequenceModel

/// The hidden states behind the latest contexts of a stream: a verdict at the end of a session then
/// costs none of the windows that its lines cost before. One thread at a time.
final class ContextMemory {
  private var table: TokenTable
  /// `[places, hidden]`; memory is touched only where a context is remembered.
  private let states: UnsafeMutableBufferPointer<Float>
  let window: Int
  private let hiddenSize: Int
  private let predictor: WindowPredictor
  /// Contexts that had to be computed.
  private(set) var computed = 0

  /// Bytes of remembered contexts at most.
  private static let byteLimit = 16 << 20

  init(normal: NormalModel) {
    window = normal.window
    hiddenSize = normal.network.configuration.hiddenSize
    predictor = WindowPredictor(model: normal.network, length: window)
    var count = 4
    while 2 * count * (hiddenSize + window) * 4 <= Self.byteLimit { count *= 2 }
    table = TokenTable(width: window, count: count)
    states = .allocate(capacity: count * hiddenSize)
  }

  deinit { states.deallocate() }

  /// The states behind contexts, `[count, window]`, in order, `[count, hidden]`.
  ///
  /// - Parameter compute: gives the states behind those that are not remembered.
  func states(
    behind contexts: UnsafeBufferPointer<Int32>,
    compute: ([Int32]) throws(BirchlogError) -> [Float]
  ) throws(BirchlogError) -> [Float] {
    guard let base = contexts.baseAddress else { return [] }
    let count = contexts.count / window
    var result = [Float](repeating: 0, count: count * hiddenSize)
    var missing: [Int] = []
    var tokens: [Int32] = []
    for index in 0..<count {
      if let place = table.find(base + index * window) {
        result.replaceSubrange(
          (index * hiddenSize)..<((index + 1) * hiddenSize), with: state(at: place))
      } else {
        missing.append(index)
        tokens += contexts[(index * window)..<((index + 1) * window)]
      }
    }
    guard !missing.isEmpty else { return result }
    computed += missing.count
    let found = try compute(tokens)
    for (row, index) in missing.enumerated() {
      let place = table.insert(base + index * window)
      found.withUnsafeBufferPointer {
        take(
          UnsafeBufferPointer(rebasing: $0[(row * hiddenSize)..<((row + 1) * hiddenSize)]),
          at: place)
      }
      result.replaceSubrange(
        (index * hiddenSize)..<((index + 1) * hiddenSize), with: state(at: place))
    }
    return result
  }

  /// Sees to it that a context is remembered.
  func require(_ context: UnsafePointer<Int32>) { _ = place(of: context) }

  /// ln p of each token after a context, `[vocabulary]`, which last until the next call.
  func logProbabilities(after context: UnsafePointer<Int32>) -> UnsafeBufferPointer<Float>? {
    guard let place = place(of: context) else { return nil }
    return predictor.logProbabilities(of: state(at: place))
  }

  private func place(of context: UnsafePointer<Int32>) -> Int? {
    if let place = table.find(context) { return place }
    guard
      let state = predictor.hiddenState(
        after: UnsafeBufferPointer(start: context, count: window))
    else { return nil }
    computed += 1
    let place = table.insert(context)
    take(state, at: place)
    return place
  }

  private func state(at place: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(
      rebasing: states[(place * hiddenSize)..<((place + 1) * hiddenSize)])
  }

  private func take(_ state: UnsafeBufferPointer<Float>, at place: Int) {
    for unit in 0..<hiddenSize {
      states.initializeElement(at: place * hiddenSize + unit, to: state[unit])
    }
  }
}
