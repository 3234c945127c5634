import Testing

@testable import Birchlog

@Suite struct SessionTableTests {
  private func table(
    sessions: Int = 100, bytes: Int = 1 << 20, idle: Int64? = nil, events: Int = 100
  ) -> SessionTable {
    SessionTable(limits: .init(sessions: sessions, bytes: bytes, idle: idle, events: events))
  }

  @Test func interleavedSessionsComeApart() {
    var table = table()
    for index in 0..<6 {
      table.add(
        key: [UInt8(index % 2)], event: Int32(index), line: UInt64(index + 1), time: nil, source: 0)
    }
    table.flush(ended: true)
    let sessions = table.takeEnded()
    #expect(sessions.map(\.events) == [[0, 2, 4], [1, 3, 5]])
    #expect(sessions[1].lines == [2, 4, 6])
    #expect(sessions.allSatisfy { $0.ended })
    #expect(table.bytes == 0)
  }

  @Test func aSessionSilentForLongerThanAnyPausedLacksWhatIsMissing() {
    var table = table()
    for (key, time) in [(1, 0), (2, 500), (1, 4_000), (2, 3_000), (3, 9_000), (4, 12_000)] {
      table.add(key: [UInt8(key)], event: 0, line: 1, time: Int64(time), source: 0)
    }
    table.flush(ended: false)
    // The longest pause is four seconds: 1 has been silent for eight, 2 for nine.
    #expect(table.takeEnded().filter(\.mayGoOn).map(\.id) == [[1], [3], [4]])
    table.add(key: [5], event: 0, line: 1, time: nil, source: 0)
    table.add(key: [6], event: 0, line: 1, time: 13_000, source: 0)
    table.flush(ended: true)
    #expect(table.takeEnded().allSatisfy { !$0.mayGoOn })
  }

  @Test func aFullTableGivesUpItsLongestIdleSession() {
    var table = table(sessions: 2)
    for key: UInt8 in [1, 2, 1, 3] {
      table.add(key: [key], event: 0, line: 1, time: nil, source: 0)
    }
    let evicted = table.takeEnded()
    #expect(evicted.map(\.id) == [[2]])
    #expect(!evicted[0].ended)
    #expect(table.counts.evicted == 1)
    #expect(table.openCount == 2)
  }

  @Test func logTimeEndsIdleSessions() {
    var table = table(idle: 1_000)
    table.add(key: [1], event: 0, line: 1, time: 0, source: 0)
    table.add(key: [2], event: 0, line: 2, time: 900, source: 0)
    table.add(key: [2], event: 0, line: 3, time: 1_500, source: 0)
    let ended = table.takeEnded()
    #expect(ended.map(\.id) == [[1]])
    #expect(ended[0].ended)
  }

  @Test func memoryStaysWithinItsBudgetWhateverTheKeys() {
    var table = table(sessions: 1 << 20, bytes: 100_000)
    for index in 0..<20_000 {
      let key = Array("session-\(index)".utf8)
      table.add(key: key, event: 1, line: UInt64(index), time: nil, source: 0)
      #expect(table.bytes <= 100_000)
    }
    let counts = table.counts
    #expect(counts.opened == 20_000)
    #expect(counts.opened == counts.ended + table.openCount)
  }

  @Test func eventsBeyondTheLimitAreCounted() {
    var table = table(events: 3)
    for index in 0..<5 { table.add(key: [1], event: Int32(index), line: 1, time: nil, source: 0) }
    table.flush(ended: true)
    let session = table.takeEnded()[0]
    #expect(session.events == [0, 1, 2])
    #expect(session.dropped == 2)
  }
}
