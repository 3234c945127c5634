import Testing

@testable import Birchlog

struct KindReadingTests {
  private let vocabulary = Vocabulary(normal: [1, 2, 3], all: [1, 2, 3, 4])
  /// Event 2 comes up to three times, in one normal unit of a thousand nine times.
  private let profile = CountProfile(
    total: 1_000, tables: [[1: 1_000], [1: 500, 3: 499, 9: 1], [1: 1_000], [:]])

  private func excess(_ units: [[Int32]]) -> KindExcess? {
    KindExcess(
      units.map { (body: $0[...], count: 1) }, profile: profile, vocabulary: vocabulary)
  }

  private func unit(_ times: Int) -> [Int32] { [1] + Array(repeating: 2, count: times) + [3] }

  @Test func anEventThatComesTooOftenIsToldWithItsNumbers() {
    let found = excess([unit(8), unit(15), unit(12), unit(1)])
    #expect(found?.event == 2)
    #expect(found?.range == 8...15)
    #expect(found?.usual == 3)
  }

  @Test func whatComesAsOftenAsEverIsNoExcess() {
    #expect(excess([unit(1), unit(3), unit(2)]) == nil)
    #expect(excess([unit(8), unit(3), unit(2)]) == nil)
    #expect(excess([]) == nil)
  }

  @Test func whatNormalUnitsNeverHoldIsNoMatterOfNumbers() {
    #expect(excess([[1, 4, 4, 4], [1, 4, 4]]) == nil)
  }
}
