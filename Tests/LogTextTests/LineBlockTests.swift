import Testing

@testable import LogText

/// Reading a source block by block gives what reading it line by line gives.
@Suite struct LineBlockTests {
  private struct Outcome: Equatable {
    var lines: [String] = []
    var lineCount: UInt64 = 0
    var byteCount: UInt64 = 0
    var cutLines: UInt64 = 0
    var error: LogTextError?
  }

  private func byLines(_ source: LineSource) -> Outcome {
    let (lines, error) = readAll(source)
    return Outcome(
      lines: lines.map(\.text), lineCount: source.lineCount, byteCount: source.byteCount,
      cutLines: source.cutLines, error: error)
  }

  private func byBlocks(_ source: LineSource) -> Outcome {
    var outcome = Outcome()
    let block = LineBlock()
    do throws(LogTextError) {
      while try source.next(block) {
        block.forEachLine { line, _ in outcome.lines.append(ByteText.string(line)) }
      }
    } catch {
      outcome.error = error
    }
    outcome.lineCount = source.lineCount
    outcome.byteCount = source.byteCount
    outcome.cutLines = source.cutLines
    return outcome
  }

  private func expectSame(
    _ bytes: [UInt8], lineLimit: Int = LineSource.defaultLineLimit, chunkSize: Int = 1 << 18
  ) throws {
    let file = TemporaryFile(bytes)
    let open = {
      try LineSource(path: file.path, lineLimit: lineLimit, chunkSize: chunkSize)
    }
    let expected = byLines(try open())
    #expect(byBlocks(try open()) == expected)
    // What was looked at before is not read twice.
    let peeked = try open()
    _ = peeked.peek(100)
    #expect(byBlocks(peeked) == expected)
  }

  @Test(arguments: [1, 3, 64, 4096, 1 << 18])
  func linesAreThoseOfTheSource(chunkSize: Int) throws {
    for text in [
      "", "\n", "a", "a\n", "a\r\n\r\nb\rc\r\n", "a\nlast\r", "\r", "\n\n\nx", "\u{FEFF}a\nb\n",
    ] {
      try expectSame(Array(text.utf8), chunkSize: chunkSize)
    }
    let many = (0..<500).map { String(repeating: "x", count: $0 % 90) + "\($0)" }
    try expectSame(Array(many.joined(separator: "\r\n").utf8), chunkSize: chunkSize)
  }

  @Test func nothingIsLostBetweenBlocks() throws {
    // More lines than a block takes, and more bytes.
    let short = String(repeating: "a\n", count: 3 * LineBlock.mostLines + 5)
    try expectSame(Array(short.utf8))
    let long = (0..<30_000).map { "\($0) " + String(repeating: "y", count: $0 % 200) + "\n" }
    try expectSame(Array(long.joined().utf8))
  }

  @Test(arguments: [1, 5, 64, 4096])
  func linesOverTheLimitAreCutAndCounted(chunkSize: Int) throws {
    let long = String(repeating: "z", count: 1000)
    try expectSame(
      Array("a\n\(long)\nb\n0123456789\r\n\(long)".utf8), lineLimit: 10, chunkSize: chunkSize)
  }

  @Test func aLineLongerThanABlockComesAlone() throws {
    let long = String(repeating: "z", count: LineSource.defaultLineLimit + 10)
    try expectSame(Array("a\n\(long)\nb\n".utf8))
  }

  @Test func whatStandsBeforeDamageIsRead() throws {
    let text = (0..<50_000).map { "line \($0) of many" }.joined(separator: "\n")
    let packed = Gzip.member(text)
    try expectSame(packed)
    try expectSame(Array(packed.prefix(packed.count / 2)))
  }

  @Test func linesOfBlocksAreFoundAgain() throws {
    let text = (1...2000).map { "line \($0)" }
    let file = TemporaryFile(text.joined(separator: "\n"))
    let source = try LineSource(path: file.path, chunkSize: 1000)
    let block = LineBlock()
    while try source.next(block) {}
    let found = try source.archive.lines([1, 257, 300, 1999], limit: 100)
    #expect(
      found.map { ByteText.string($0.bytes) } == ["line 1", "line 257", "line 300", "line 1999"])
  }

  @Test func recordsMayHoldNewlines() {
    let block = LineBlock()
    let records = ["one\r", "two\nand more", "", String(repeating: "w", count: LineBlock.size)]
    for record in records { record.bytes { block.add($0) } }
    var read: [String] = []
    block.forEachLine { line, _ in read.append(ByteText.string(line)) }
    #expect(read == records)
    #expect(block.isFull)
  }
}

/// A content is scanned where it lies as it would be by itself, whatever stands behind it.
@Suite struct PaddedContentTests {
  private func skeleton(_ content: UnsafeRawBufferPointer, isPadded: Bool) -> [UInt8] {
    var scanner = LineScanner()
    scanner.scan(content, isPadded: isPadded)
    return scanner.withSkeleton { Array($0) }
      + (0..<scanner.pieceCount).map { index in
        UInt8(truncatingIfNeeded: scanner.piece(index)?.end ?? 0)
      }
  }

  private func expectSame(_ lines: [String]) throws {
    let source = try LineSource(of: lines.joined(separator: "\n"))
    let block = LineBlock()
    var count = 0
    while try source.next(block) {
      block.forEachLine { line, _ in
        // A header's end or a blank may cut a line anywhere.
        for end in Set([line.count, line.count / 2, max(0, line.count - 1)]) {
          let content = UnsafeRawBufferPointer(rebasing: line[..<end])
          let copy = Array(content)
          let alone = copy.withUnsafeBytes { skeleton($0, isPadded: false) }
          #expect(skeleton(content, isPadded: true) == alone, "\(ByteText.string(line))")
        }
        count += 1
      }
    }
    #expect(count == lines.count)
  }

  @Test func whatFollowsALineIsNotReadIntoIt() throws {
    let ends = [
      "10.", "10.0.0", "10.0.0.1", "10.0.0.1:", "1.2.3.4/", "port 80:", "user", "user.", "can'",
      "size 5", "5 K", "5 Ki", "(1165 bytes", "1165 bytes (1.13 KB", "http:", "C:", "C:\\", "::",
      "fe80:", "2005-06-03", "2005-06-03-15", "15:42", "15:42:50", "15:42:50.", "15:42:50+01",
      "Jun", "Jun 9", "Mon", "true", "fals", "0x", "blk_-", "blk_-1,", "12,", "[1,", "<", "<1",
      "a..", ".", "deadbee", "00:1b:44:11:3a", "-", "~", "/", "/a", "x=", "\"quoted", "50%", "é",
    ]
    let starts = ["", "0.0.1:80", ".5.6.7", "/ 24", "B) x", "M:59:59", "alse", "1,2", "'s", "\\d"]
    var lines: [String] = []
    for end in ends {
      for start in starts { lines += ["value " + end, start + " next", end] }
    }
    try expectSame(lines)
  }

  @Test(.enabled(if: RealLogs.folder != nil), arguments: RealLogs.systems)
  func realLinesAreScannedAlike(system: String) throws {
    let source = try LineSource(path: "\(RealLogs.folder ?? "")/loghub2k/\(system)_2k.log")
    try expectSame(readAll(source).lines.map(\.text))
  }
}
