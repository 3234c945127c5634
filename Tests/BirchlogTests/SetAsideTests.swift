import Glibc
import Testing

@testable import Birchlog

@Suite struct SetAsideTests {
  /// Scores of normal units that thin out by a factor e within `length` nats.
  private func normal(_ count: Int, length: Double = 1.5) -> [SetAside.Score] {
    (0..<count).map { (score: -length * log((Double($0) + 0.5) / Double(count)), count: 1) }
  }

  private func kept(_ scores: [SetAside.Score]) -> [Int] {
    SetAside.kept(scores, limit: SetAside.limit(scores).score)
  }

  @Test func cleanInputIsKeptWhole() {
    #expect(SetAside.limit(normal(2_000)) == .init(score: .infinity, normalAbove: 0))
    #expect(kept(normal(2_000)).count == 2_000)
  }

  @Test(arguments: [60, 220, 600]) func whatStandsOutIsSetAsideAndTheTailIsKept(_ odd: Int) {
    let scores = normal(2_000) + (0..<odd).map { (score: 14 + Double($0 % 7), count: 1) }
    let kept = kept(scores)
    #expect(kept.allSatisfy { $0 < 2_000 })
    #expect(kept.count >= 1_998)
  }

  @Test func aShapeCountsAsOftenAsItCame() {
    let scores = normal(2_000) + [(score: 15, count: 40)]
    #expect(kept(scores).last == 1_999)
    #expect(kept(normal(2_000) + [(score: 9, count: 1)]).count == 2_001)
  }

  @Test func halfOfTheInputIsAlwaysKept() {
    let scores: [SetAside.Score] = (0..<10).map { (score: 20 + Double($0), count: 1) }
    #expect(SetAside.kept(scores, limit: 8) == [0, 1, 2, 3, 4])
  }
}
