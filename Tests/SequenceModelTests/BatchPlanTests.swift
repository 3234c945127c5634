import Testing

@testable import SequenceModel

@Suite struct BatchPlanTests {
  @Test func anEpochCarriesEveryWeightExactlyOnce() {
    let importance = (0..<500).map { $0 == 7 ? 10_000.0 : Double($0 % 5) }
    let plan = BatchPlan(importance: importance, batchSize: 32)
    var generator = SeededGenerator(1)
    let batches = plan.batches(generator: &generator)
    var shares = [Double](repeating: 0, count: 500)
    for batch in batches {
      #expect(Set(batch.map(\.row)).count == batch.count)
      #expect(!batch.isEmpty && batch.count <= 32)
      for entry in batch { shares[Int(entry.row)] += Double(entry.share) }
    }
    for row in 0..<500 { #expect(abs(shares[row] - (importance[row] > 0 ? 1 : 0)) < 1e-5) }
  }

  @Test func equalWeightsGiveEachWindowOnePlace() {
    let plan = BatchPlan(
      importance: [Double](repeating: Double(Float(1) / 3), count: 100), batchSize: 30)
    var generator = SeededGenerator(2)
    let batches = plan.batches(generator: &generator)
    #expect(batches.map(\.count) == [25, 25, 25, 25])
    #expect(Set(batches.joined().map(\.row)).count == 100)
  }

  @Test func aWindowHeavierThanAllOthersIsInEveryBatch() {
    let importance = (0..<200).map { $0 == 0 ? 1e6 : 1.0 }
    let plan = BatchPlan(importance: importance, batchSize: 20)
    var generator = SeededGenerator(3)
    let batches = plan.batches(generator: &generator)
    #expect(batches.filter { batch in batch.contains { $0.row == 0 } }.count == 10)
  }
}
