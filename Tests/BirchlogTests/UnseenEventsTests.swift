import SequenceModel
import Testing

@testable import Birchlog

@Suite struct UnseenEventsTests {
  private let vocabulary = Vocabulary(normal: [1, 2, 3, 4], all: [1, 2, 3, 4, 9])

  private func profile(units: Int, unique: [Unit]) -> CountProfile {
    CountProfile(
      units: (0..<units).map { _ in (unit: Unit(events: [1, 2, 1, 2]), count: 1) }
        + unique.map { (unit: $0, count: 1) }, vocabulary: vocabulary)
  }

  private let twoAlone = [Unit(events: [1, 3]), Unit(events: [4, 2, 4, 1])]

  @Test func newEventsAreExpectedWhereUnitsBringEventsOfTheirOwn() {
    #expect(!profile(units: 20, unique: []).expectsNewEvents)
    #expect(profile(units: 20, unique: twoAlone).expectsNewEvents)
    #expect(!profile(units: 998, unique: twoAlone).expectsNewEvents)
    // An event that two units show is no unit's own.
    #expect(!profile(units: 20, unique: [twoAlone[0], twoAlone[0]]).expectsNewEvents)
    #expect(!CountProfile(units: [], vocabulary: vocabulary).expectsNewEvents)
  }

  private func model(_ counts: CountProfile) throws -> NormalModel {
    var options = Options()
    (options.hiddenSize, options.embeddingSize, options.window) = (8, 4, 4)
    return NormalModel(
      vocabulary: vocabulary, window: 4, counts: counts,
      meanState: [Float](repeating: 0, count: 8),
      network: try NextEventModel(
        configuration: options.networkConfiguration(vocabulary: vocabulary), seed: 3),
      knowsEnds: true)
  }

  /// Surprise of the third event of a unit.
  private func third(
    _ unit: Unit, _ standing: NormalModel.Standing, _ model: NormalModel
  ) throws -> Float {
    try #require(try model.score([unit], threads: 1, standing: standing).first).surprises[2]
  }

  @Test func aHeldOutUnitsOwnEventIsAsNewAsAnEventToCome() throws {
    let own = Unit(events: [1, 2, 3, 1], tail: .end)
    let model = try model(profile(units: 10, unique: [own]))
    let new = try third(Unit(events: [1, 2, 9, 1], tail: .end), .new, model)
    #expect(new == NormalModel.surpriseLimit)
    #expect(try third(own, .heldOut, model) == new)
    // One that the network learned from, and an event that others show, have what it says.
    #expect(try third(own, .learned, model) < new)
    let shared = Unit(events: [1, 2, 1, 2], tail: .end)
    #expect(try third(shared, .heldOut, model) == third(shared, .new, model))
  }

  @Test func whereNewEventsAreSeldomTheNetworkSays() throws {
    let own = Unit(events: [1, 2, 3, 1], tail: .end)
    let model = try model(profile(units: 100, unique: [own]))
    #expect(try third(own, .heldOut, model) == third(own, .new, model))
    #expect(try third(own, .heldOut, model) < NormalModel.surpriseLimit)
  }
}
