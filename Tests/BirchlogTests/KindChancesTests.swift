import Testing

@testable import Birchlog

@Suite struct KindChancesTests {
  @Test func aKindThatIsClearlyNearestWinsAgainstTheClassifier() {
    let chances = KindChances.weighed([0.001, 0.999], distances: [0.3, 0.6])
    #expect(chances[0] > 0.99)
    #expect(abs(chances.reduce(0, +) - 1) < 1e-6)
  }

  @Test func betweenKindsAboutAsNearTheClassifierDecides() {
    let chances = KindChances.weighed([0.1, 0.9], distances: [0.50, 0.51])
    #expect(chances[1] > chances[0])
  }

  @Test func distancesOfZeroAndNothingAreNoTrouble() {
    let chances = KindChances.weighed([0, 1], distances: [0, .infinity])
    #expect(chances == [1, 0])
    #expect(KindChances.weighed([], distances: []).isEmpty)
    #expect(KindChances.normalised([0, 0]) == [0.5, 0.5])
  }
}
