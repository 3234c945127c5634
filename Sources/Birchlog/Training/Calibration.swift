import Glibc

/// How well a classifier's probabilities tell how often it is right.
struct Calibration {
  /// `[units, kinds]`.
  let logits: [Float]
  /// The true kind of each unit.
  let answers: [Int]
  let kinds: Int

  /// Parts of equal width that probabilities are sorted into.
  private static let bins = 10
  /// Temperatures that are considered.
  private static let range = (low: 0.25, high: 8.0)

  /// The temperature by which the logits must be divided to make the answers most likely (Guo et
  /// al. 2017); 1 without any.
  var temperature: Double {
    guard !answers.isEmpty else { return 1 }
    // Golden section over the logarithm: the loss has one minimum.
    let ratio = (5.0.squareRoot() - 1) / 2
    var low = log(Self.range.low)
    var high = log(Self.range.high)
    for _ in 0..<30 {
      let left = high - ratio * (high - low)
      let right = low + ratio * (high - low)
      if loss(temperature: exp(left)) < loss(temperature: exp(right)) {
        high = right
      } else {
        low = left
      }
    }
    return exp((low + high) / 2)
  }

  /// The expected calibration error (Naeini et al. 2015): mean distance of probability and share of
  /// right answers over bins of the largest probability; 0 without units.
  var error: Double {
    let probabilities = softmax(logits, classes: kinds)
    return Self.error(
      answers.indices.map { row in
        let own = probabilities[(row * kinds)..<((row + 1) * kinds)]
        let best = own.indices.max { own[$0] < own[$1] } ?? own.startIndex
        return (Double(own[best]), best - own.startIndex == answers[row])
      })
  }

  /// The expected calibration error of stated probabilities and whether each answer was right.
  static func error(_ answers: [(probability: Double, isRight: Bool)]) -> Double {
    var sums = [(probability: Double, right: Double)](repeating: (0, 0), count: bins)
    for answer in answers where answer.probability.isFinite {
      let bin = min(max(Int(answer.probability * Double(bins)), 0), bins - 1)
      sums[bin].probability += answer.probability
      sums[bin].right += answer.isRight ? 1 : 0
    }
    return sums.reduce(0) { $0 + abs($1.probability - $1.right) } / Double(max(answers.count, 1))
  }

  private func loss(temperature: Double) -> Double {
    var sum = 0.0
    for (row, answer) in answers.enumerated() {
      let own = logits[(row * kinds)..<((row + 1) * kinds)]
      let top = own.max() ?? 0
      let total = own.reduce(0.0) { $0 + exp(Double($1 - top) / temperature) }
      sum += log(total) - Double(own[own.startIndex + answer] - top) / temperature
    }
    return sum
  }
}
