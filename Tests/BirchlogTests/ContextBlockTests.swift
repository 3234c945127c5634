import Testing

@testable import Birchlog

@Suite struct ContextBlockTests {
  private let vocabulary = Vocabulary(normal: 1...50, all: 1...50)

  private func sequence(_ events: [Int32], tail: Unit.Tail = .end) -> TokenSequence {
    TokenSequence(Unit(events: events, tail: tail), vocabulary: vocabulary, window: 4)
  }

  @Test func equalContextsHaveOneRow() {
    var block = ContextBlock(window: 4)
    let first = block.add(sequence([1, 2, 1]), afterLast: false)
    #expect(first == [0, 1, 2, 3])
    // It begins alike and ends otherwise.
    #expect(block.add(sequence([1, 2, 2]), afterLast: false) == [0, 1, 2, 4])
    #expect(block.count == 5)
    #expect(block.tokens == [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 2, 0, 1, 2, 1, 0, 1, 2, 2])
  }

  @Test func theContextAfterTheLastEventComesWhereItIsWantedOrThereIsNoOther() {
    var block = ContextBlock(window: 4)
    #expect(block.add(sequence([1, 2], tail: .none), afterLast: true) == [0, 1, 2])
    #expect(block.add(sequence([1, 2], tail: .none), afterLast: false) == [0, 1])
    #expect(block.add(sequence([], tail: .none), afterLast: false) == [0])
  }

  /// Many more contexts than the table begins with.
  @Test func rowsStayWhileTheTableGrows() {
    var block = ContextBlock(window: 4)
    var rows: [[Int32]: Int32] = [:]
    var state: UInt64 = 5
    for _ in 0..<2_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let events = (0..<6).map { Int32(state >> (10 + 6 * $0) & 31) + 1 }
      let own = sequence(events)
      for (position, row) in zip(own.targets, block.add(own, afterLast: false)) {
        let context = Array(own.context(before: position))
        #expect(rows[context, default: row] == row)
        rows[context] = row
        let start = Int(row) * 4
        #expect(Array(block.tokens[start..<(start + 4)]) == context)
      }
    }
    #expect(rows.count == block.count && block.count > 4_000)
  }
}

@Suite struct ThreadsTests {
  @Test(arguments: [0, 1, 63, 64, 129, 1_000])
  func aMapKeepsItsOrderWhateverTheNumberOfThreads(count: Int) {
    for threads in [1, 2, 3, 16] {
      #expect(Threads.map(count, threads: threads) { 3 * $0 } == (0..<count).map { 3 * $0 })
    }
  }
}
