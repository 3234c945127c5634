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
    #expect(abs(many[0] - 5.303305) < 1e-4)  // −ln(0.5 / 100.5)
    #expect(abs(few[0] + 5.303305) < 1e-4)
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
    #expect(abs(without[0] + 5.293305) < 1e-4)  // +ln(0.5 / 99.5)
  }
}
