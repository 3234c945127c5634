import Glibc
import Testing

@testable import Birchlog

@Suite struct SetAsideTests {
  /// Scores of normal units that thin out by a factor e within `length` nats.
  private func normal(_ count: Int, length: Double = 1) -> [SetAside.Score] {
    (0..<count).map { (score: -length * log((Double($0) + 0.5) / Double(count)), count: 1) }
  }

  @Test func aFirstLookKeepsWhatIsNotSurprising() {
    let scores = normal(2_000)
    let kept = SetAside.kept(scores, limit: SetAside.firstLimit(scores))
    #expect(kept == scores.indices.filter { scores[$0].score <= 6.5 })
  }

  @Test func aFirstLookSetsAFifthAsideAtMost() {
    let scores = normal(2_000, length: 8)
    let kept = SetAside.kept(scores, limit: SetAside.firstLimit(scores))
    #expect(kept.count == 1_600)
    #expect(kept.first == 400)
  }

  @Test func aShapeCountsAsOftenAsItCame() {
    let scores: [SetAside.Score] = normal(800) + [(score: 20, count: 150), (score: 30, count: 100)]
    #expect(SetAside.kept(scores, limit: SetAside.firstLimit(scores)).suffix(1) == [800])
  }

  @Test func halfOfTheInputIsAlwaysKept() {
    let scores: [SetAside.Score] = (0..<10).map { (score: 20 + Double($0), count: 1) }
    #expect(SetAside.kept(scores, limit: 8) == [0, 1, 2, 3, 4])
  }
}
