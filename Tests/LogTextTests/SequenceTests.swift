import LogText
import Testing

struct SequenceTests {
  private func records(_ text: String) throws -> [SequenceRecord] {
    var reader = SequenceReader(try LineSource(of: text))
    var records: [SequenceRecord] = []
    while let record = try reader.next() { records.append(record) }
    return records
  }

  private func error(_ text: String) throws -> LogTextError? {
    var reader = SequenceReader(try LineSource(of: text))
    return failure { () throws(LogTextError) in while try reader.next() != nil {} }
  }

  @Test func idsAreOptionalAndSessionsMayBeEmpty() throws {
    #expect(
      try records("blk_-1,5 5 22\r\n\n7 0\nx,\na,b,  3\t4 ") == [
        SequenceRecord(id: Array("blk_-1".utf8), events: [5, 5, 22], line: 1),
        SequenceRecord(id: nil, events: [7, 0], line: 3),
        SequenceRecord(id: Array("x".utf8), events: [], line: 4),
        SequenceRecord(id: Array("a,b".utf8), events: [3, 4], line: 5),
      ])
  }

  @Test func anEmptyFileHasNoSessions() throws { #expect(try records("").isEmpty) }

  @Test func malformedLinesAreNamedByLine() throws {
    for text in ["a,1\nb,1 x 2\n", "a,1\nhello\n", "a,1\nb,1.5\n", "a,1\nb,-\n"] {
      guard case .malformedSequence(_, 2, _) = try error(text) else {
        Issue.record("\(text) was read")
        continue
      }
    }
  }

  @Test func negativeAndHugeEventsAreOutOfRange() throws {
    for text in ["-5", "a,2147483648", "a,99999999999999999999", "a,-99999999999999999999"] {
      guard case .eventOutOfRange(_, 1, _) = try error(text) else {
        Issue.record("\(text) was read")
        continue
      }
    }
    #expect(try records("a,2147483647")[0].events == [2_147_483_647])
  }

  @Test func aSessionThatLostItsEndIsAnError() throws {
    var reader = SequenceReader(try LineSource(of: "a,1 2 3 4 5 6 7 8 9\n", lineLimit: 8))
    guard case .malformedSequence = failure({ () throws(LogTextError) in try reader.next() }) else {
      Issue.record("a cut session was read")
      return
    }
  }

  @Test func readingGoesOnBehindABadLine() throws {
    var reader = SequenceReader(try LineSource(of: "oops\na,1\n"))
    #expect(failure { () throws(LogTextError) in try reader.next() } != nil)
    #expect(try reader.next()?.events == [1])
  }
}
