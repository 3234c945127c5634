import Testing

@testable import Birchlog

@Suite struct TrainingWindowsTests {
  @Test func aSampleIsSpreadEvenlyAndWeighsAsMuchAsAll() {
    let events = (0..<100).map { Int32($0 * $0 % 37) }
    let vocabulary = Vocabulary(normal: events, all: events)
    var windows = TrainingWindows(vocabulary: vocabulary, window: 4)
    windows.add(Unit(events: events), count: 3)
    windows.add(Unit(events: events.reversed()), count: 1)
    let whole = windows.windows
    #expect(windows.sampled(windows.count).targets == whole.targets)
    let sample = windows.sampled(20)
    #expect(sample.targets.count == 20 && sample.tokens.count == 80)
    #expect(abs(sample.weights.reduce(0, +) - whole.weights.reduce(0, +)) < 1e-3)
    // Every row of the sample is one of all, in order.
    let rows = (0..<20).map { $0 * windows.count / 20 }
    #expect(sample.targets == rows.map { whole.targets[$0] })
    #expect(
      sample.tokens == rows.flatMap { Array(whole.tokens[(4 * $0)..<(4 * $0 + 4)]) })
  }
}
