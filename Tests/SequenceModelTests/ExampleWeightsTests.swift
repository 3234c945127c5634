import Testing

@testable import SequenceModel

@Suite struct ExampleWeightsTests {
  private let examples = ClassifierExamples(
    length: 1, tokens: [0, 0, 0, 0], nextTokens: [1, -1, 1, 1], features: [0, 0, 0, 0],
    kinds: [0, 0, 0, 2], weights: [4, 2, 3, 1])

  private func weights(featureSize: Int = 1) -> ExampleWeights {
    ExampleWeights(
      examples, lossWeights: LossWeights(sequence: 0.3, kind: 0.5, consistency: 0.2), kindCount: 3,
      featureSize: featureSize)
  }

  @Test func eachPartSumsToItsWeight() {
    let weights = weights()
    #expect(abs(weights.sequence.reduce(0, +) - 0.3) < 1e-6)
    #expect(abs(weights.kind.reduce(0, +) - 0.5) < 1e-6)
    #expect(abs(weights.consistency.reduce(0, +) - 0.2) < 1e-6)
  }

  @Test func aRareKindCountsMoreThanItsShare() {
    #expect(weights().kind[3] > 0.5 * 0.1 * 1.5)
  }

  @Test func withinAKindExamplesCountByTheirWeights() {
    let kind = weights().kind
    #expect(abs(kind[0] - 2 * kind[1]) < 1e-6)
  }

  @Test func anExampleWithoutANextTokenTeachesNoSequence() {
    #expect(weights().sequence[1] == 0)
    #expect(weights().kind[1] > 0)
  }

  @Test func withoutFeaturesThereIsNothingToBeConsistentWith() {
    #expect(weights(featureSize: 0).consistency.allSatisfy { $0 == 0 })
  }
}
