import LogText
import Testing

struct LineSourceTests {
  @Test func linesCarryNumberAndOffset() throws {
    let file = TemporaryFile("one\ntwo\n\nfour\n")
    let (lines, error) = readAll(try LineSource(path: file.path))
    #expect(error == nil)
    #expect(
      lines == [
        ReadLine(text: "one", number: 1, offset: 0), ReadLine(text: "two", number: 2, offset: 4),
        ReadLine(text: "", number: 3, offset: 8), ReadLine(text: "four", number: 4, offset: 9),
      ])
  }

  @Test func carriageReturnsAreStrippedOnlyBeforeNewlines() throws {
    let file = TemporaryFile("a\r\nb\rc\r\n\r\n")
    let (lines, _) = readAll(try LineSource(path: file.path))
    #expect(lines.map(\.text) == ["a", "b\rc", ""])
    #expect(lines.map(\.offset) == [0, 3, 8])
  }

  @Test func theLastLineMayLackItsNewline() throws {
    let file = TemporaryFile("a\nlast")
    let (lines, _) = readAll(try LineSource(path: file.path))
    #expect(lines.map(\.text) == ["a", "last"])
  }

  @Test func anEmptyFileHasNoLines() throws {
    let file = TemporaryFile("")
    let source = try LineSource(path: file.path)
    #expect(readAll(source).lines.isEmpty)
    #expect(source.lineCount == 0)
  }

  @Test func nulBytesAndInvalidTextAreKept() throws {
    let bytes: [UInt8] = [0x61, 0, 0xFF, 0xC3, 0x0A, 0x62]
    let source = try LineSource(of: bytes)
    let first = try #require(try source.next())
    #expect(Array(first.bytes) == [0x61, 0, 0xFF, 0xC3])
    #expect(ByteText.string(first.bytes) == "a\0\u{FFFD}\u{FFFD}")
  }

  @Test(arguments: [1, 2, 3, 7, 64, 4096])
  func chunkSizesDoNotChangeLines(chunkSize: Int) throws {
    let text = (0..<200).map { String(repeating: "x", count: $0 % 23) + "\($0)" }
    let file = TemporaryFile(text.joined(separator: "\r\n"))
    let (lines, _) = readAll(try LineSource(path: file.path, chunkSize: chunkSize))
    #expect(lines.map(\.text) == text)
  }

  @Test(arguments: [1, 5, 64, 4096])
  func aLineOverTheLimitIsCutAndCounted(chunkSize: Int) throws {
    let long = String(repeating: "y", count: 1000)
    let file = TemporaryFile("a\n\(long)\nb\n\(long)")
    let source = try LineSource(path: file.path, lineLimit: 10, chunkSize: chunkSize)
    let (lines, _) = readAll(source)
    let cut = String(repeating: "y", count: 10)
    #expect(
      lines == [
        ReadLine(text: "a", number: 1, offset: 0),
        ReadLine(text: cut, number: 2, offset: 2, isCut: true),
        ReadLine(text: "b", number: 3, offset: 1003),
        ReadLine(text: cut, number: 4, offset: 1005, isCut: true),
      ])
    #expect(source.cutLines == 2)
    #expect(source.byteCount == 2005)
  }

  @Test(arguments: ["\n", "\r\n", ""])
  func aLineOfExactlyTheLimitIsWhole(ending: String) throws {
    let file = TemporaryFile("0123456789" + ending)
    let source = try LineSource(path: file.path, lineLimit: 10, chunkSize: 3)
    #expect(readAll(source).lines == [ReadLine(text: "0123456789", number: 1, offset: 0)])
    #expect(source.cutLines == 0)
  }

  @Test func peekingConsumesNothing() throws {
    let source = try LineSource(of: "abc\ndef\n")
    #expect(ByteText.string(source.peek(5)) == "abc\nd")
    #expect(readAll(source).lines.map(\.text) == ["abc", "def"])
  }

  @Test func missingFilesAndDirectoriesAreNamed() {
    #expect(
      failure { () throws(LogTextError) in try LineSource(path: "/no/such") }
        == .notFound(path: "/no/such"))
    #expect(
      failure { () throws(LogTextError) in try LineSource(path: "/tmp") }
        == .isDirectory(path: "/tmp"))
  }
}
