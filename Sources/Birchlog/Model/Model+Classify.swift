import Glibc
import SequenceModel

extension Model {
  /// The verdicts on units, in order. Equal units are worth removing first: each one given is
  /// computed.
  public func classify(_ units: [Unit], threads: Int) throws(BirchlogError) -> [Verdict] {
    try classify(units, early: false, contexts: nil, threads: threads)
  }

  /// - Parameters:
  ///   - early: the units go on: nothing is missing yet.
  ///   - contexts: what a stream remembers of the normal model's contexts.
  func classify(
    _ units: [Unit], early: Bool, contexts: ContextMemory? = nil, threads: Int
  ) throws(BirchlogError) -> [Verdict] {
    let scores = try normal.score(
      units, threads: threads, afterLast: unitKind == .window,
      meanStates: space.kind != .deviation, contexts: contexts)
    return try verdicts(
      units, scores: early ? scores.map(\.early) : scores, goesOn: early, threads: threads)
  }

  /// The rule by which units are called anomalous.
  var detection: Detection { Detection(options: options, threshold: threshold) }

  /// A unit that scores more is anomalous.
  public var scoreLimit: Double { detection.limit }

  private func verdicts(
    _ units: [Unit], scores: [UnitScore], goesOn: Bool, threads: Int
  ) throws(BirchlogError) -> [Verdict] {
    let inputs = Threads.map(units.count, threads: threads) { index in
      ClassifierInput(
        signature: self.space.signature(of: units[index], score: scores[index]),
        window: self.classifier == nil
          ? [] : self.classifierWindow(of: units[index], decisive: scores[index].decisive).tokens)
    }
    let answers = try kindAnswers(inputs, threads: threads)
    let detection = detection
    return Threads.map(units.count, threads: threads) { index in
      let score = scores[index]
      let value = detection.score(of: score)
      let row = answers.map { $0.row(index) } ?? ([], [])
      var verdict = Verdict(
        score: value, isAnomalous: value > detection.limit,
        perturbation: self.normal.perturbation(
          self.options.unitState(of: score, kind: self.unitKind)), kind: nil,
        confidence: 0, probabilities: [], attention: row.1, distance: 0,
        surprises: score.surprises, counts: score.counts, decisive: score.decisive)
      self.decideKind(
        of: &verdict, classes: row.0, signature: inputs[index].signature, goesOn: goesOn)
      return verdict
    }
  }

  private func kindAnswers(
    _ inputs: [ClassifierInput], threads: Int
  ) throws(BirchlogError) -> KindAnswers? {
    guard let classifier, !inputs.isEmpty else { return nil }
    do {
      let inference = try classifier.infer(
        tokens: inputs.flatMap(\.window), length: options.window,
        features: inputs.flatMap(\.signature), threads: threads)
      return KindAnswers(
        kindCount: classCount,
        probabilities: softmax(inference.kindLogits, classes: classCount),
        attention: inference.attention, count: inputs.count)
    } catch {
      throw .init(error)
    }
  }

  func classifierWindow(of unit: Unit, decisive: Int?) -> ClassifierWindow {
    ClassifierWindow(
      unit: unit, decisive: decisive, vocabulary: normal.vocabulary, window: options.window)
  }
}

/// What the classifier reads of a unit.
private struct ClassifierInput: Sendable {
  let signature: [Float]
  let window: [Int32]
}

/// The window of a unit that stage 4 reads: it ends with the most surprising event, or with the
/// last one.
struct ClassifierWindow {
  /// `window` tokens.
  let tokens: [Int32]
  /// The token that came next, or −1 when nothing is known to have come.
  let next: Int32

  init(unit: Unit, decisive: Int?, vocabulary: Vocabulary, window: Int) {
    let sequence = TokenSequence(unit, vocabulary: vocabulary, window: window)
    let end = Self.end(of: unit, decisive: decisive, sequence: sequence)
    tokens = Array(sequence.tokens[(end - window)..<end])
    next = end < sequence.tokens.count ? sequence.tokens[end] : -1
  }

  /// Index behind the last token that stage 4 reads.
  static func end(of unit: Unit, decisive: Int?, sequence: TokenSequence) -> Int {
    // Where all events are context, as in the paper's windows, the target lies outside and the
    // window is the unit itself.
    let inside = unit.contextCount < unit.events.count ? decisive : nil
    return inside.map { sequence.targets.lowerBound + $0 + 1 } ?? sequence.end
  }
}

/// What the classifier said about some units.
private struct KindAnswers: Sendable {
  let kindCount: Int
  let probabilities: [Float]
  let attention: [Float]
  let count: Int

  func row(_ index: Int) -> ([Float], [Float]) {
    let heads = count > 0 ? attention.count / count : 0
    return (
      Array(probabilities[(index * kindCount)..<((index + 1) * kindCount)]),
      Array(attention[(index * heads)..<((index + 1) * heads)])
    )
  }
}

/// Probabilities of rows of logits.
func softmax(_ logits: [Float], classes: Int) -> [Float] {
  var result = logits
  for start in stride(from: 0, to: logits.count, by: max(classes, 1)) {
    let row = start..<min(start + classes, logits.count)
    let top = result[row].max() ?? 0
    var sum: Float = 0
    for index in row {
      result[index] = exp(result[index] - top)
      sum += result[index]
    }
    for index in row { result[index] /= sum }
  }
  return result
}

/// Euclidean distance of two vectors.
func distance(_ left: [Float], _ right: [Float]) -> Double {
  left.withUnsafeBufferPointer { left in
    right.withUnsafeBufferPointer { right in
      let count = min(left.count, right.count)
      var sums = SIMD8<Float>()
      var index = 0
      while index + 8 <= count {
        var gap = SIMD8<Float>()
        for lane in 0..<8 { gap[lane] = left[index + lane] - right[index + lane] }
        sums += gap * gap
        index += 8
      }
      var sum = sums.sum()
      while index < count {
        let gap = left[index] - right[index]
        sum += gap * gap
        index += 1
      }
      return Double(sum.squareRoot())
    }
  }
}
