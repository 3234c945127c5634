import LogText
import Testing

struct JoinedRecordTests {
  struct Read: Equatable {
    var content: String
    var line: UInt64
    var lineCount: UInt64
  }

  private static let header = HeaderRecogniser(
    sample: (10..<60).map { Array("2025-03-05 08:00:\($0),123 INFO [main] app.Server: up".utf8) })

  private func read(
    _ text: String, header: HeaderRecogniser? = header, joins: Bool = true, chunkSize: Int = 1 << 18
  ) throws -> [Read] {
    let file = TemporaryFile(text)
    let source = try LineSource(path: file.path, chunkSize: chunkSize)
    let reader = try TextReader(source, format: .text, header: header, joins: joins)
    var records: [Read] = []
    while let record = try reader.next() {
      records.append(
        Read(
          content: ByteText.string(record.content), line: record.line, lineCount: record.lineCount))
    }
    return records
  }

  private static let trace = """
    2025-03-05 08:00:01,123 ERROR [main] app.Server: order failed
    java.net.ConnectException: refused
    \tat app.Client.connect(Client.java:12)
    at app.Client.call(Client.java:9)
    Caused by: java.io.IOException: broken pipe
    \t... 12 more
    2025-03-05 08:00:02,001 INFO [main] app.Server: next
    """

  @Test(arguments: [1, 7, 64, 1 << 18])
  func aStackTraceIsOneRecordWhateverTheChunks(chunkSize: Int) throws {
    let records = try read(Self.trace, chunkSize: chunkSize)
    #expect(
      records == [
        Read(
          content:
            "order failed java.net.ConnectException: refused Caused by: java.io.IOException: broken pipe",
          line: 1, lineCount: 6),
        Read(content: "next", line: 7, lineCount: 1),
      ])
  }

  @Test func withoutJoiningEachLineIsARecord() throws {
    let records = try read(Self.trace, joins: false)
    #expect(records.map(\.line) == Array(1...7))
    #expect(records.allSatisfy { $0.lineCount == 1 })
  }

  @Test func aLineWithoutTheTimeGoesOnOnlyWhereRecordsHaveOne() throws {
    let text = "2025-03-05 08:00:01,123 INFO [main] app.Server: a\nloose\n"
    #expect(try read(text).map(\.lineCount) == [2])
    #expect(try read(text, header: nil).map(\.lineCount) == [1, 1])
    // A time of another form begins a record as well.
    let other = "2025-03-05 08:00:01,123 INFO [main] app.Server: a\nMar 5 08:00:02 host x: b\n"
    #expect(try read(other).map(\.lineCount) == [1, 1])
  }

  @Test func aLogThatIsIndentedAllOverIsNotJoined() throws {
    #expect(try read("  a\n  b\n  c\n", header: nil).map(\.lineCount) == [1, 1, 1])
    #expect(try read("a\n  b\n  c\nd\n", header: nil).map(\.lineCount) == [3, 1])
  }

  @Test func recordsAreBoundedAndEveryLineCounts() throws {
    let text = "head\n" + String(repeating: "\tframe\n", count: 2000) + "tail\n"
    let records = try read(text, header: nil)
    #expect(records.count > 3)
    #expect(records.allSatisfy { $0.lineCount <= 512 })
    #expect(records.reduce(0) { $0 + $1.lineCount } == 2002)
  }

  @Test func aBlankLineEndsARecord() throws {
    #expect(try read("a\n\tb\n\n\tc\n", header: nil).map(\.lineCount) == [2, 1, 1])
  }

  @Test func linesThatComeOneByOneAreJoinedTheSame() throws {
    let splitter = try Self.header.makeSplitter()
    var joiner = LineJoiner(header: Self.header, splitter: splitter)
    var records: [Read] = []
    func take(_ record: LineJoiner.Record?) {
      guard let record else { return }
      records.append(
        Read(
          content: ByteText.string(record.content), line: record.line, lineCount: record.lineCount))
    }
    for (index, line) in Self.trace.split(separator: "\n").enumerated() {
      Array(line.utf8).withUnsafeBytes { take(joiner.push($0, number: UInt64(index + 1))) }
      if index == 3, let held = joiner.held {
        // As after a snapshot.
        joiner = LineJoiner(header: Self.header, splitter: splitter)
        joiner.resume(text: held.text, line: held.line)
      }
    }
    take(joiner.finish())
    #expect(records.map(\.lineCount) == [6, 1])
    #expect(records.first?.content.hasSuffix("Caused by: java.io.IOException: broken pipe") == true)
  }

  @Test func aHeaderIsLearnedFromALogFullOfStackTraces() {
    var sample: [[UInt8]] = []
    for second in 10..<60 {
      sample.append(Array("2025-03-05 08:00:\(second),123 ERROR [main] app.Server: no".utf8))
      if second % 2 == 0 { sample.append(Array("java.net.ConnectException: refused".utf8)) }
      sample += (0..<6).map { Array("\tat app.Client.call(Client.java:\($0))".utf8) }
    }
    let split = Array("2025-03-05 08:00:01,123 INFO [main] app.Server: up".utf8).withUnsafeBytes {
      HeaderRecogniser(sample: sample).split($0)
    }
    #expect(split.content.lowerBound == 48)
    #expect(split.time != nil)
  }
}
