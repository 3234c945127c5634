import Testing

@testable import Birchlog

@Suite struct SetAsideTests {
  @Test func whatIsOddButNotFarOffIsSetAsideFirstAndGivenBackLast() {
    let scores: [SetAside.Score] = [0, 1, 2, 3, 6, 12].map { (score: $0, count: 1) }
    let (first, last) = (SetAside.limit(look: 0), SetAside.limit(look: SetAside.looks - 1))
    #expect(SetAside.kept(scores, limit: first) == [0, 1, 2, 3])
    #expect(SetAside.kept(scores, limit: last) == [0, 1, 2, 3, 4])
  }

  @Test func nothingBelowTheLimitIsSetAside() {
    let scores: [SetAside.Score] = (0..<1_000).map { (score: Double($0) / 100, count: 1) }
    #expect(SetAside.kept(scores, limit: SetAside.limit(look: 0)) == Array(0...500))
  }

  @Test func halfOfTheInputIsAlwaysKept() {
    let scores: [SetAside.Score] = (0..<10).map { (score: 20 + Double($0), count: 1) }
    #expect(SetAside.kept(scores, limit: 8) == [0, 1, 2, 3, 4])
  }

  private func model(of sessions: [[Int32]]) throws -> Model {
    let trainer = try Trainer(
      options: "{\"hidden_size\": 16, \"epochs\": 12, \"learning_rate\": 0.02, \"threads\": 1}")
    trainer.add(sessions: sessions, isNormal: false)
    return try trainer.run { _ in true }
  }

  @Test func anomaliesAmongUnlabelledSessionsAreNotLearnedAsNormal() throws {
    // Steps 3 and 4 in either order, one in ten sessions with a step more.
    let sound: [[Int32]] = (0..<400).map {
      [1, 2] + ($0 % 2 == 0 ? [3, 4] : [4, 3]) + ($0 % 10 == 0 ? [7] : []) + [5, 6]
    }
    let odd: [[Int32]] = (0..<12).map { [1, 2, 8, 8 + Int32($0 % 3), 9, 4] }
    let model = try model(of: sound + odd)
    #expect(try model.classify(sessions: odd).allSatisfy { $0.verdict.isAnomalous })
    #expect(try model.classify(sessions: sound).allSatisfy { !$0.verdict.isAnomalous })
    let share = try #require(model.record.setAsideShare)
    #expect(abs(share - 12.0 / 412.0) < 1e-9)
    // What may have been lost with them counts as false alarms.
    #expect(model.memory.lostUnits(behind: model.threshold) == 1)
  }

  @Test(arguments: [1, 2]) func nothingIsSetAsideWhereNothingStandsOut(_ shapes: Int) throws {
    let sessions: [[Int32]] = (0..<80).map { $0 % shapes == 0 ? [1, 2, 3, 4] : [1, 3, 2, 4] }
    let model = try model(of: sessions)
    #expect(model.record.setAsideShare == 0)
    #expect(model.threshold.units == 80)
  }
}
