import SequenceModel

/// Collects the different windows of weighted units: a gradient over distinct windows weighted by
/// count equals the gradient over all of them.
struct TrainingWindows {
  private(set) var windows: WeightedWindows
  private(set) var total = 0.0
  private var rows: [WindowKey: Int] = [:]
  private let vocabulary: Vocabulary

  init(vocabulary: Vocabulary, window: Int) {
    self.vocabulary = vocabulary
    windows = WeightedWindows(length: window, tokens: [], targets: [], weights: [])
  }

  var count: Int { windows.targets.count }

  /// No more than so many of the windows, evenly spread over the units they came from; their weights
  /// speak for those left out.
  func sampled(_ limit: Int) -> WeightedWindows {
    guard count > limit, limit > 0 else { return windows }
    var sample = WeightedWindows(length: windows.length, tokens: [], targets: [], weights: [])
    var kept = 0.0
    var whole = 0.0
    for weight in windows.weights { whole += Double(weight) }
    for index in 0..<limit {
      let row = index * count / limit
      sample.tokens += windows.tokens[(row * windows.length)..<((row + 1) * windows.length)]
      sample.targets.append(windows.targets[row])
      sample.weights.append(windows.weights[row])
      kept += Double(windows.weights[row])
    }
    let factor = Float(whole / kept)
    for index in sample.weights.indices { sample.weights[index] *= factor }
    return sample
  }

  /// Adds every target of a unit that came `count` times. Targets that the network has no output
  /// for are left out.
  mutating func add(_ unit: Unit, count: Double) {
    guard count > 0 else { return }
    let sequence = TokenSequence(unit, vocabulary: vocabulary, window: windows.length)
    for position in sequence.targets where sequence.tokens[position] != vocabulary.unseen {
      let target = sequence.tokens[position]
      total += count
      let key = WindowKey(tokens: sequence.tokens[(position - windows.length)...position])
      if let row = rows[key] {
        windows.weights[row] += Float(count)
        continue
      }
      rows[key] = windows.targets.count
      windows.tokens.append(contentsOf: sequence.context(before: position))
      windows.targets.append(target)
      windows.weights.append(Float(count))
    }
  }
}
