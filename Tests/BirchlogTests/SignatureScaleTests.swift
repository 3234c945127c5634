import Testing

@testable import Birchlog

@Suite struct SignatureScaleTests {
  private let block = SignatureSpace.Block(range: 0..<3, weight: 1, isDeviation: true)

  @Test func whatNormalUnitsShowAsWellCountsNothing() {
    let factors = SignatureScale.factors(
      [(values: [2, 3, 0], weight: 1), (values: [2, 0, 3], weight: 1)],
      normal: [(values: [2, 0, 0], weight: 100)], blocks: [block])
    #expect(factors[0] == 0)
    #expect(factors[1] > 0)
    #expect(factors[1] == factors[2])
  }

  @Test func whatNormalUnitsShowLessOfCountsInPart() {
    let block = SignatureSpace.Block(range: 0..<2, weight: 1, isDeviation: true)
    let rows: [SignatureScale.Row] = [(values: [4, 0], weight: 1), (values: [0, 4], weight: 1)]
    let half = SignatureScale.factors(
      rows, normal: [(values: [1, 0], weight: 10_000)], blocks: [block])
    // Of the first column's mean, 2, normal units explain 1.
    #expect(abs(half[0] / half[1] - 0.5) < 1e-6)
  }

  @Test func withoutNormalUnitsEverythingCounts() {
    let factors = SignatureScale.factors(
      [(values: [1, 1, 1], weight: 1)], normal: [], blocks: [block])
    #expect(factors.allSatisfy { $0 > 0 })
  }

  @Test func hiddenStatesAreNotHeldAgainstNormalOnes() {
    let hidden = SignatureSpace.Block(range: 0..<1, weight: 1, isDeviation: false)
    let factors = SignatureScale.factors(
      [(values: [1], weight: 1)], normal: [(values: [1], weight: 100)], blocks: [hidden])
    #expect(factors == [1])
  }
}
