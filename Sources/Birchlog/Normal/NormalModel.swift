import Glibc
import SequenceModel

/// The model of normal behaviour: the next-event network with the vocabulary it speaks.
///
/// Events that normal behaviour never showed have no output of their own; they get the largest
/// surprise there is.
public struct NormalModel: Sendable {
  public let vocabulary: Vocabulary
  public let window: Int
  /// How often events come in normal units.
  public internal(set) var counts: CountProfile
  /// Mean hidden state of normal behaviour, `[hidden]`: the paper's F̄.
  public internal(set) var meanState: [Float]
  public internal(set) var network: NextEventModel
  /// Whether ends of sessions were learned.
  public let knowsEnds: Bool
  /// What sets unlabelled units apart; nil where that finds no more than the network does.
  var contrast: Contrast?

  /// No surprise exceeds this, −ln 10⁻⁷: smaller probabilities lie below float's resolution of a
  /// softmax. An event that normal behaviour never showed has this surprise.
  public static let surpriseLimit: Float = 16.118095

  /// What a model knows of units that it scores.
  enum Standing: Sendable {
    /// Nothing.
    case new
    /// It learned from them; their own counts do not speak for them.
    case learned
    /// Its counts hold them, its network has not learned from them. Where new events are usual, what no
    /// other unit shows is as surprising as it would be in a unit to come.
    case heldOut
  }

  /// Contexts that are computed at once: bounds the memory of the tables.
  private static let blockSize = 16_384

  public init(
    vocabulary: Vocabulary, window: Int, counts: CountProfile, meanState: [Float],
    network: NextEventModel, knowsEnds: Bool
  ) {
    self.vocabulary = vocabulary
    self.window = window
    self.counts = counts
    self.meanState = meanState
    self.network = network
    self.knowsEnds = knowsEnds
  }

  /// Scores units; a context that several units share is computed once.
  ///
  /// - Parameters:
  ///   - standing: what this model knows of the units.
  ///   - afterLast: whether ``UnitScore/lastState`` is wanted of units that have targets.
  ///   - meanStates: whether ``UnitScore/meanState`` is wanted.
  ///   - contexts: what a stream remembers of this model's contexts.
  ///   - goesOn: asked several times a second; false cancels.
  /// - Returns: one score for each unit, in order.
  func score(
    _ units: [Unit], threads: Int, standing: Standing = .new, afterLast: Bool = true,
    meanStates: Bool = true, contexts: ContextMemory? = nil, goesOn: (() -> Bool)? = nil
  ) throws(BirchlogError) -> [UnitScore] {
    // Smaller blocks have less in common, and more moments at which to stop.
    let blockSize = goesOn == nil ? Self.blockSize : Self.blockSize / 4
    let goesOn = goesOn ?? { true }
    var scores: [UnitScore] = []
    scores.reserveCapacity(units.count)
    var block = ContextBlock(window: window)
    var pending: [PendingUnit] = []
    for unit in units {
      let sequence = TokenSequence(unit, vocabulary: vocabulary, window: window)
      let rows = block.add(sequence, afterLast: afterLast)
      pending.append(PendingUnit(unit: unit, sequence: sequence, rows: rows))
      if block.count >= blockSize {
        try score(
          &pending, block: &block, threads: threads, standing: standing, meanStates: meanStates,
          contexts: contexts, into: &scores)
        guard goesOn() else { throw .cancelled }
      }
    }
    try score(
      &pending, block: &block, threads: threads, standing: standing, meanStates: meanStates,
      contexts: contexts, into: &scores)
    return scores
  }

  /// Log-probabilities of every token after a context, `[tokenCount]`.
  public func logProbabilities(after context: [Int32]) throws(BirchlogError) -> [Float] {
    try infer(context, threads: 1).logProbabilities
  }

  /// Distance of a hidden state from the mean normal one: the paper's ΔF = ‖F − F̄‖₂.
  public func perturbation(_ state: [Float]) -> Double {
    var sum = 0.0
    for (value, mean) in zip(state, meanState) {
      sum += Double(value - mean) * Double(value - mean)
    }
    return sum.squareRoot()
  }

  /// Tells a score what is known of the end of its unit.
  func note(_ tail: Unit.Tail, in score: inout UnitScore) {
    score.goesOn = tail == .open
    score.lacksEnd = knowsEnds && tail == .none
  }

  private func infer(_ tokens: [Int32], threads: Int) throws(BirchlogError) -> NextEventInference {
    do {
      return try network.infer(tokens: tokens, length: window, threads: threads)
    } catch {
      throw .init(error)
    }
  }

  /// - Parameter contexts: has some of the states already, and remembers the others.
  private func infer(
    _ tokens: [Int32], contexts: ContextMemory?, threads: Int
  ) throws(BirchlogError) -> NextEventInference {
    guard let contexts else { return try infer(tokens, threads: threads) }
    let states = try tokens.withUnsafeBufferPointer { tokens throws(BirchlogError) in
      try contexts.states(behind: tokens) { missing throws(BirchlogError) in
        try infer(missing, threads: threads).hiddenStates
      }
    }
    do {
      return try network.infer(hiddenStates: states)
    } catch {
      throw .init(error)
    }
  }

  private func score(
    _ pending: inout [PendingUnit], block: inout ContextBlock, threads: Int, standing: Standing,
    meanStates: Bool, contexts: ContextMemory?, into scores: inout [UnitScore]
  ) throws(BirchlogError) {
    guard !pending.isEmpty else { return }
    let inference = try infer(block.tokens, contexts: contexts, threads: threads)
    let isUnseen = unseenTokens(standing)
    let items = pending
    scores += Threads.map(items.count, threads: threads) { index in
      let item = items[index]
      var score = self.score(
        item, inference: inference, isUnseen: isUnseen, wantsMean: meanStates)
      score.counts = self.counts.surprisals(
        of: item.unit, vocabulary: self.vocabulary, leavingOut: standing != .new)
      self.note(item.unit.tail, in: &score)
      if let contrast = self.contrast { score.contrast = contrast.score(of: item.unit) }
      return score
    }
    pending.removeAll(keepingCapacity: true)
    block = ContextBlock(window: window)
  }

  /// For each token, whether a unit that holds it holds an event that normal behaviour never showed.
  private func unseenTokens(_ standing: Standing) -> [Bool] {
    let isNewAlone = standing == .heldOut && counts.expectsNewEvents
    return (0..<vocabulary.tokenCount).map { index in
      let token = Int32(truncatingIfNeeded: index)
      if token == vocabulary.unseen { return true }
      guard isNewAlone, let event = vocabulary.event(of: token),
        let column = vocabulary.column(of: event)
      else { return false }
      return counts.isOfOneUnit(column)
    }
  }

  private func score(
    _ item: PendingUnit, inference: NextEventInference, isUnseen: [Bool], wantsMean: Bool
  ) -> UnitScore {
    let sequence = item.sequence
    let hiddenSize = meanState.count
    let classes = vocabulary.tokenCount
    var score = UnitScore()
    score.ranks.reserveCapacity(sequence.targets.count)
    score.surprises.reserveCapacity(sequence.targets.count)
    var decisiveRow = 0
    for (position, place) in zip(sequence.targets, item.rows) {
      let row = Int(place)
      let target = Int(sequence.tokens[position])
      let probabilities = inference.logProbabilities[(row * classes)..<((row + 1) * classes)]
      let own = probabilities[probabilities.startIndex + target]
      let surprise =
        isUnseen[target] ? Self.surpriseLimit : min(max(-own, 0), Self.surpriseLimit)
      score.ranks.append(
        isUnseen[target] ? Int32(truncatingIfNeeded: classes) : rank(of: own, in: probabilities))
      score.surprises.append(surprise)
      if surprise > score.decisive.map({ score.surprises[$0] }) ?? -1 {
        score.decisive = score.surprises.count - 1
        decisiveRow = row
      }
    }
    if item.rows.count > sequence.targets.count, let last = item.rows.last.map(Int.init) {
      score.lastState = Array(
        inference.hiddenStates[(last * hiddenSize)..<((last + 1) * hiddenSize)])
    }
    if score.surprises.isEmpty {
      score.decisiveState = score.lastState
      score.meanState = score.lastState
    } else {
      score.decisiveState = Array(
        inference.hiddenStates[(decisiveRow * hiddenSize)..<((decisiveRow + 1) * hiddenSize)])
      if wantsMean {
        score.meanState = mean(
          of: item.rows.prefix(score.surprises.count), states: inference.hiddenStates)
      }
    }
    return score
  }

  private func mean(of rows: ArraySlice<Int32>, states: [Float]) -> [Float] {
    let size = meanState.count
    var sum = [Double](repeating: 0, count: size)
    for row in rows {
      for index in 0..<size { sum[index] += Double(states[Int(row) * size + index]) }
    }
    return sum.map { Float($0 / Double(rows.count)) }
  }

  private func rank(of own: Float, in probabilities: ArraySlice<Float>) -> Int32 {
    var rank: Int32 = 1
    for value in probabilities where value > own { rank += 1 }
    return rank
  }
}

/// A unit that waits for its contexts to be computed.
private struct PendingUnit: Sendable {
  let unit: Unit
  let sequence: TokenSequence
  /// Rows of the contexts of its targets, then, where it is wanted, of that after its last event.
  let rows: [Int32]
}
