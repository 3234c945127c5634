/// What each example weighs in the parts of a `KindClassifier`'s loss; each column sums to the
/// part's own weight.
struct ExampleWeights: Sendable {
  let sequence, kind, consistency: [Float]

  init(_ examples: ClassifierExamples, lossWeights: LossWeights, kindCount: Int, featureSize: Int) {
    let weights = examples.weights.map(Double.init)
    var kindTotals = [Double](repeating: 0, count: kindCount)
    var sequenceTotal = 0.0
    for (row, weight) in weights.enumerated() {
      kindTotals[Int(examples.kinds[row])] += weight
      if examples.nextTokens[row] >= 0 { sequenceTotal += weight }
    }
    let total = weights.reduce(0, +)
    // By its root a rare kind counts more than its share, and yet a single example does not count
    // as much as a whole kind.
    let rootTotal = kindTotals.reduce(0) { $0 + $1.squareRoot() }
    sequence = weights.indices.map { row in
      guard examples.nextTokens[row] >= 0, sequenceTotal > 0 else { return 0 }
      return lossWeights.sequence * Float(weights[row] / sequenceTotal)
    }
    kind = weights.indices.map { row in
      let own = kindTotals[Int(examples.kinds[row])]
      return own > 0 ? lossWeights.kind * Float(weights[row] / own.squareRoot() / rootTotal) : 0
    }
    consistency = weights.map { weight in
      total > 0 && featureSize > 0 ? lossWeights.consistency * Float(weight / total) : 0
    }
  }

  /// The sum of an example's weights.
  var importance: [Double] {
    sequence.indices.map { Double(sequence[$0]) + Double(kind[$0]) + Double(consistency[$0]) }
  }
}
