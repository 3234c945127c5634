import Glibc

/// How a unit becomes a vector: weighted blocks side by side, the whole of unit length.
///
/// The `deviation` blocks have a column for each event that training saw, one for all others, and
/// where it applies one for the end:
/// - rare: log(1 + count) × (0.1 − ln share of normal units that hold the event);
/// - surprise: the sum of squared surprises at the event's places, so that one surprise of 10
///   outweighs twenty of 1;
/// - number: the signed surprisal of the event's count beyond 2 nats, too many or too few.
///
/// ``SignatureScale`` weighs the columns. The `hidden` block is the LSTM's hidden state, the
/// paper's F, unscaled when it stands alone.
public struct SignatureSpace: Sendable {
  public let kind: Options.SignatureKind
  public let unit: Options.UnitKind
  public let vocabulary: Vocabulary
  /// Share of normal units that hold each known event, `[knownEvents]`.
  public let normalShare: [Double]
  public let hiddenSize: Int
  /// What the blocks of a deviation weigh beside each other: rare, surprise, number.
  public let weights: [Double]
  /// Factor of each value, `[dimension]`; empty for 1 everywhere.
  public let scale: [Float]

  /// Shares below this are not told apart: so few normal units are rarely at hand.
  private static let smallestShare = 1e-4
  /// Counts that are less surprising than this, in nats, are taken as usual.
  private static let usualCount: Float = 2
  /// An event is missed when at least this share of normal units hold it.
  public static let expectedShare = 0.9

  public init(
    kind: Options.SignatureKind, unit: Options.UnitKind, vocabulary: Vocabulary,
    normalShare: [Double],
    hiddenSize: Int, weights: [Double] = [1, 1, 0.25], scale: [Float] = []
  ) {
    self.kind = kind
    self.unit = unit
    self.vocabulary = vocabulary
    self.normalShare = normalShare
    self.hiddenSize = hiddenSize
    self.weights = weights
    self.scale = scale
  }

  /// This space with other factors, and other weights if they are given.
  func scaled(by scale: [Float], weights: [Double]? = nil) -> SignatureSpace {
    SignatureSpace(
      kind: kind, unit: unit, vocabulary: vocabulary, normalShare: normalShare,
      hiddenSize: hiddenSize, weights: weights ?? self.weights, scale: scale)
  }

  /// Number of signature values.
  public var dimension: Int { blocks.last?.range.upperBound ?? 0 }

  /// A run of columns that belong together, and how much the run weighs beside the others.
  struct Block {
    var range: Range<Int>
    var weight: Float
    /// Each column stands for an event, and normal units have little of it.
    var isDeviation: Bool
  }

  /// The blocks in order. The hidden block alone is left as it is.
  var blocks: [Block] {
    let columns = vocabulary.knownEvents.count
    var sizes: [(count: Int, weight: Float, isDeviation: Bool)] = []
    if kind != .hidden {
      sizes = zip([columns + 1, columns + 2, columns + 1], weights).map { ($0, Float($1), true) }
    }
    if kind != .deviation {
      sizes.append((unit == .window ? hiddenSize : 2 * hiddenSize, 1, false))
    }
    var start = 0
    return sizes.map { size in
      defer { start += size.count }
      return Block(
        range: start..<(start + size.count), weight: size.weight, isDeviation: size.isDeviation)
    }
  }

  /// The signature of a unit, `[dimension]`, of unit length unless it is the hidden state alone.
  public func signature(of unit: Unit, score: UnitScore) -> [Float] {
    var values = raw(of: unit, score: score)
    guard kind != .hidden else { return values }
    if scale.count == values.count {
      for index in values.indices { values[index] *= scale[index] }
    }
    var squares: Float = 0
    for value in values { squares += value * value }
    guard squares > 0 else { return values }
    let factor = 1 / squares.squareRoot()
    return values.map { $0 * factor }
  }

  /// The blocks' values before they are weighed, `[dimension]`.
  func raw(of unit: Unit, score: UnitScore) -> [Float] {
    switch kind {
    case .hidden: hiddenState(of: score)
    case .deviation: deviation(of: unit, score: score)
    case .both: deviation(of: unit, score: score) + hiddenState(of: score)
    }
  }

  private func hiddenState(of score: UnitScore) -> [Float] {
    unit == .window ? score.lastState : score.decisiveState + score.meanState
  }

  private func deviation(of unit: Unit, score: UnitScore) -> [Float] {
    let columns = vocabulary.knownEvents.count
    var rare = [Float](repeating: 0, count: columns + 1)
    for event in unit.body { rare[vocabulary.column(of: event) ?? columns] += 1 }
    for column in 0...columns where rare[column] > 0 {
      let share = column < columns ? normalShare[column] : 0
      rare[column] = log1p(rare[column]) * Float(0.1 - log(max(share, Self.smallestShare)))
    }

    var surprise = [Float](repeating: 0, count: columns + 2)
    for (column, value) in zip(targetColumns(of: unit), score.surprises) {
      surprise[column] += value * value
    }

    let number = score.counts.map { count in
      abs(count) > Self.usualCount ? count - (count > 0 ? Self.usualCount : -Self.usualCount) : 0
    }
    return rare + surprise + number
  }

  /// The column of each scored target; behind the events' columns stand that of unknown ones and
  /// that of the end.
  private func targetColumns(of unit: Unit) -> [Int] {
    let columns = vocabulary.knownEvents.count
    var targets = unit.events[min(unit.contextCount, unit.events.count)...].map {
      vocabulary.column(of: $0) ?? columns
    }
    switch unit.tail {
    case .none, .open: break
    case .end: targets.append(columns + 1)
    case .event(let event): targets.append(vocabulary.column(of: event) ?? columns)
    }
    return targets
  }
}
