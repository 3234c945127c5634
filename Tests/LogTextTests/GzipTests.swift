import LogText
import Testing

struct GzipTests {
  @Test func membersInARowAreOneStream() throws {
    let file = TemporaryFile(Gzip.member("a\nb") + Gzip.member("") + Gzip.member("c\nd\n"))
    let (lines, error) = readAll(try LineSource(path: file.path))
    #expect(error == nil)
    #expect(lines.map(\.text) == ["a", "bc", "d"])
    #expect(lines.map(\.offset) == [0, 2, 5])
  }

  @Test func longStreamsComeThroughWhole() throws {
    let text = (0..<20_000).map { "line \($0)" }.joined(separator: "\n")
    let (lines, error) = readAll(try LineSource(of: Gzip.member(text)))
    #expect(error == nil)
    #expect(lines.count == 20_000)
    #expect(lines.last?.text == "line 19999")
  }

  @Test func zeroPaddingBehindTheLastMemberIsPassedOver() throws {
    let padded = Gzip.member("a\n") + [UInt8](repeating: 0, count: 512)
    let (lines, error) = readAll(try LineSource(of: padded))
    #expect(error == nil)
    #expect(lines.map(\.text) == ["a"])
  }

  @Test func aCutStreamGivesTheLinesBeforeTheCut() throws {
    let whole = Gzip.member("first\nsecond\nthird\n")
    let cut = Array(whole.dropLast(16))
    let file = TemporaryFile(cut)
    let (lines, error) = readAll(try LineSource(path: file.path))
    #expect(lines.map(\.text) == ["first"])
    #expect(error == .truncatedGzip(path: file.path, offset: UInt64(cut.count)))
  }

  @Test func aCutInsideTheTrailerIsAnError() throws {
    let file = TemporaryFile(Array(Gzip.member("a\nb\n").dropLast(3)))
    let (lines, error) = readAll(try LineSource(path: file.path))
    #expect(lines.map(\.text) == ["a", "b"])
    guard case .truncatedGzip = error else {
      Issue.record("expected a truncated stream, got \(String(describing: error))")
      return
    }
  }

  @Test func aWrongChecksumIsDamage() throws {
    var bytes = Gzip.member("a\nb\n")
    bytes[bytes.count - 8] ^= 1
    let file = TemporaryFile(bytes)
    let (lines, error) = readAll(try LineSource(path: file.path))
    #expect(lines.map(\.text) == ["a", "b"])
    guard case .damagedGzip(let path, _, _) = error else {
      Issue.record("expected damage, got \(String(describing: error))")
      return
    }
    #expect(path == file.path)
  }

  @Test func textBehindAMemberIsDamage() throws {
    let file = TemporaryFile(Gzip.member("a\n") + Array("rubbish".utf8))
    let (lines, error) = readAll(try LineSource(path: file.path))
    #expect(lines.map(\.text) == ["a"])
    guard case .damagedGzip = error else {
      Issue.record("expected damage, got \(String(describing: error))")
      return
    }
  }

  @Test func everyCutEndsInAnErrorOrAnEmptyFile() throws {
    let whole = Gzip.member("first\nsecond\n")
    for length in 2..<whole.count {
      let file = TemporaryFile(Array(whole[..<length]))
      let (lines, error) = readAll(try LineSource(path: file.path))
      #expect(error != nil)
      #expect(lines.count <= 2)
    }
  }
}
