import LogText
import Testing

struct LineArchiveTests {
  private static let text = (1...1000).map { "line \($0)\n" }.joined()

  private func found(_ archive: LineArchive, _ numbers: [UInt64]) throws -> [String] {
    try archive.lines(numbers, limit: 100).map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  @Test func linesOfAFileAreFoundAgainWithTheirOffsets() throws {
    let file = TemporaryFile(Self.text)
    let source = try LineSource(path: file.path)
    let offsets = readAll(source).lines.map(\.offset)
    for numbers: [UInt64] in [[1], [256, 257], [258], [3, 700, 1000]] {
      let lines = try source.archive.lines(numbers, limit: 100)
      #expect(lines.map(\.number) == numbers)
      #expect(
        lines.map { String(decoding: $0.bytes, as: UTF8.self) } == numbers.map { "line \($0)" })
      #expect(lines.map(\.offset) == numbers.map { offsets[Int($0) - 1] })
    }
    #expect(try found(source.archive, [1001]) == [])
    #expect(try found(source.archive, [0]) == [])
  }

  @Test func linesOfAPackedFileAreFoundAgain() throws {
    let file = TemporaryFile(Gzip.member(Self.text))
    let source = try LineSource(path: file.path)
    _ = readAll(source)
    #expect(try found(source.archive, [2, 999]) == ["line 2", "line 999"])
  }

  @Test func aFileThatIsGoneIsAnError() throws {
    var file: TemporaryFile? = TemporaryFile(Self.text)
    let archive = try LineSource(path: #require(file).path).archive
    file = nil
    #expect(throws: LogTextError.self) { try archive.lines([5], limit: 100) }
  }

  @Test func pushedLinesAreHeldUpToTheLimit() throws {
    let archive = LineArchive(path: nil, memory: 100)
    for number in 1...5000 {
      let text = "line \(number)"
      text.utf8.withContiguousStorageIfAvailable {
        archive.note(UnsafeRawBufferPointer($0), number: UInt64(number), offset: nil)
      }
    }
    #expect(try found(archive, [1, 4980]) == [])
    #expect(try found(archive, [4999, 5000]) == ["line 4999", "line 5000"])
    let held = try archive.lines((1...5000).map { UInt64($0) }, limit: 100)
    #expect(held.count == 11)
    #expect(try archive.lines([5000], limit: 4).map(\.bytes.count) == [4])
  }
}
