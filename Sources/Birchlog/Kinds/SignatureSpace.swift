import Glibc

/// How a unit becomes a vector: weighted blocks side by side, each of unit length, the whole of unit length.
///
/// The `deviation` blocks are, for the events that training saw and one more for all others,
/// - log(1 + count) × (0.1 − ln share of normal units that hold the event): what came that should be rare;
/// - the surprise summed per event, and that of the end: what came at the wrong place;
/// - the rarity of the unit's silence about an event that nearly all normal units hold: what should have come.
///
/// The `hidden` block is the LSTM's hidden state, the paper's F, unscaled when it stands alone.
public struct SignatureSpace: Sendable {
  public let kind: Options.SignatureKind
  public let unit: Options.UnitKind
  public let vocabulary: Vocabulary
  /// Share of normal units that hold each known event, `[knownEvents]`.
  public let normalShare: [Double]
  public let hiddenSize: Int

  /// Shares below this are not told apart: so few normal units are rarely at hand.
  private static let smallestShare = 1e-4
  /// Weight of the surprise block, and of the missing block, beside the count block's 1.
  private static let surpriseWeight: Float = 0.5
  private static let missingWeight: Float = 0.5
  /// An event is missed when at least this share of normal units hold it.
  public static let expectedShare = 0.9

  public init(
    kind: Options.SignatureKind, unit: Options.UnitKind, vocabulary: Vocabulary, normalShare: [Double],
    hiddenSize: Int
  ) {
    self.kind = kind
    self.unit = unit
    self.vocabulary = vocabulary
    self.normalShare = normalShare
    self.hiddenSize = hiddenSize
  }

  /// Number of signature values.
  public var dimension: Int {
    let columns = vocabulary.knownEvents.count
    let deviation = kind == .hidden ? 0 : (columns + 1) + (columns + 2) + columns
    return deviation + (kind == .deviation ? 0 : hiddenBlockSize)
  }

  private var hiddenBlockSize: Int { unit == .window ? hiddenSize : 2 * hiddenSize }

  /// The signature of a unit, `[dimension]`.
  public func signature(of unit: Unit, score: UnitScore) -> [Float] {
    switch kind {
    case .hidden: return hiddenState(of: score)
    case .deviation: return normalised(deviation(of: unit, score: score))
    case .both:
      return normalised(deviation(of: unit, score: score) + normalised(hiddenState(of: score)))
    }
  }

  private func hiddenState(of score: UnitScore) -> [Float] {
    unit == .window ? score.lastState : score.decisiveState + score.meanState
  }

  private func deviation(of unit: Unit, score: UnitScore) -> [Float] {
    let columns = vocabulary.knownEvents.count
    var counts = [Float](repeating: 0, count: columns + 1)
    for event in unit.body { counts[vocabulary.column(of: event) ?? columns] += 1 }

    var rare = counts
    var missing = [Float](repeating: 0, count: columns)
    for column in 0...columns {
      let share = column < columns ? normalShare[column] : 0
      let rarity = 0.1 - log(max(share, Self.smallestShare))
      rare[column] = log1p(counts[column]) * Float(rarity)
      if column < columns, counts[column] == 0, share >= Self.expectedShare {
        missing[column] = Float(-log(max(1 - share, Self.smallestShare)))
      }
    }

    var surprise = [Float](repeating: 0, count: columns + 2)
    var targets = unit.events[min(unit.contextCount, unit.events.count)...].map {
      vocabulary.column(of: $0) ?? columns
    }
    switch unit.tail {
    case .none: break
    case .end: targets.append(columns + 1)
    case .event(let event): targets.append(vocabulary.column(of: event) ?? columns)
    }
    for (column, value) in zip(targets, score.surprises) { surprise[column] += value }

    return normalised(rare) + normalised(surprise, to: Self.surpriseWeight)
      + normalised(missing, to: Self.missingWeight)
  }

  private func normalised(_ values: [Float], to length: Float = 1) -> [Float] {
    var squares: Float = 0
    for value in values { squares += value * value }
    guard squares > 0 else { return values }
    let scale = length / squares.squareRoot()
    return values.map { $0 * scale }
  }
}
