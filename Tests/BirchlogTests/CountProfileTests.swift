import Testing

@testable import Birchlog

@Suite struct CountProfileTests {
  private let vocabulary = Vocabulary(normal: [1, 2], all: [1, 2, 3])

  private var profile: CountProfile {
    CountProfile(
      units: [
        (unit: Unit(events: [1, 1, 2]), count: 90), (unit: Unit(events: [1, 1, 1]), count: 9),
        (unit: Unit(events: [1, 2]), count: 1),
      ], vocabulary: vocabulary)
  }

  @Test func sharesCountUnitsNotOccurrences() {
    #expect(profile.shares == [1, 0.91, 0])
  }

  @Test func tooManyIsPositiveAndTooFewIsNegative() {
    let usual = profile.surprisals(of: Unit(events: [1, 1, 2]), vocabulary: vocabulary)
    let many = profile.surprisals(of: Unit(events: [1, 1, 1, 1, 2]), vocabulary: vocabulary)
    let few = profile.surprisals(of: Unit(events: [2]), vocabulary: vocabulary)
    #expect(abs(usual[0]) < 0.2)
    // −ln(0.5 / 100.5), and ln(5 / 4) for four where three is the most.
    #expect(abs(many[0] - 5.526448) < 1e-4)
    #expect(abs(few[0] + 5.303305) < 1e-4)
  }

  @Test func nothingIsMissingInASessionThatGoesOn() {
    let open = profile.surprisals(of: Unit(events: [2], tail: .open), vocabulary: vocabulary)
    #expect(open[0] == 0)
    let many = [Int32](repeating: 1, count: 5)
    #expect(
      profile.surprisals(of: Unit(events: many, tail: .open), vocabulary: vocabulary)[0]
        == profile.surprisals(of: Unit(events: many), vocabulary: vocabulary)[0])
  }

  @Test func anEventThatNeverCameIsAsSurprisingAsAnUnknownOne() {
    let unseen = profile.surprisals(of: Unit(events: [1, 1, 2, 3, 77]), vocabulary: vocabulary)
    #expect(unseen[2] == unseen[3])
    #expect(unseen[3] > 5)
  }

  @Test func aUnitLeftOutDoesNotSpeakForItself() {
    let unit = Unit(events: [1, 2])
    let with = profile.surprisals(of: unit, vocabulary: vocabulary)
    let without = profile.surprisals(of: unit, vocabulary: vocabulary, leavingOut: true)
    #expect(abs(without[0]) > abs(with[0]))
    // As surprising as a new unit with a number that no other has.
    #expect(abs(without[0] + 5.303305) < 1e-4)  // +ln(0.5 / 100.5)
  }

  @Test func farBeyondTheLargestNumberIsMoreSurprisingThanJustBeyond() {
    func surprisal(_ count: Int) -> Float {
      profile.surprisals(
        of: Unit(events: [Int32](repeating: 1, count: count)), vocabulary: vocabulary)[0]
    }
    #expect(surprisal(40) - surprisal(4) > 2)
    #expect(profile.excess(column: 0, count: 40) == surprisal(40))
    let unit = Unit(events: [1, 1, 1])
    let single = CountProfile(
      units: [(unit: unit, count: 1), (unit: Unit(events: [1]), count: 9)], vocabulary: vocabulary)
    // Left out, a unit is beyond the largest number of the others.
    let own = single.surprisals(of: unit, vocabulary: vocabulary, leavingOut: true)[0]
    #expect(abs(own - 3.737670) < 1e-4)  // −ln(0.5 / 10.5) + ln(4 / 2)
  }

  @Test func aProfileComesBackFromItsTensorsAndOneWithoutTailHasNone() throws {
    let tensors = profile.tensors(prefix: "")
    let pairs = try #require(tensors[0].int32s)
    let weights = try #require(tensors[1].doubles)
    let total = try #require(tensors[2].doubles)
    func read(_ total: [Double]) -> CountProfile? {
      CountProfile(pairs: pairs, weights: weights, total: total, columnCount: profile.columns.count)
    }
    #expect(read(total) == profile)
    #expect(
      read([total[0]])?.excess(column: 0, count: 9) == read([total[0]])?.excess(column: 0, count: 4)
    )
    #expect(read([total[0], -1]) == nil)
    #expect(read([total[0], .nan]) == nil)
  }
}
