import LogText
import Testing

struct SessionKeyTests {
  private func keys(_ pattern: String, _ line: String) throws -> [String] {
    let finder = try SessionKeyPattern(pattern).makeFinder()
    let bytes = Array(line.utf8)
    return bytes.withUnsafeBytes { finder.keys(in: $0) }.map {
      String(decoding: bytes[$0], as: UTF8.self)
    }
  }

  @Test func everyDistinctMatchIsAKeyOnceInOrder() throws {
    #expect(
      try keys(#"blk_-?\d+"#, "del blk_2 blk_-1 blk_2 blk_3") == ["blk_2", "blk_-1", "blk_3"])
  }

  @Test func theFirstGroupIsTheKey() throws {
    #expect(try keys(#"req=(\w+) (x)"#, "req=a x req=b x req=a x") == ["a", "b"])
    #expect(try keys(#"(?:id=(\d+)|none)"#, "none id=4") == ["4"])
  }

  @Test func emptyMatchesAreNoKeysAndDoNotHang() throws {
    #expect(try keys("x*", "axxb") == ["xx"])
    #expect(try keys("", "abc") == [])
    #expect(try keys(#"a\Kb"#, "abab") == ["b"])
    #expect(try keys("x", "") == [])
  }

  @Test func manyKeysOnALineAreStillDistinct() throws {
    let names = (0..<3000).map { "k\($0 % 1000)" }
    #expect(try keys(#"k\d+"#, names.joined(separator: " ")) == Array(names.prefix(1000)))
  }

  @Test func bytesThatAreNoTextAreMatched() throws {
    let finder = try SessionKeyPattern(#"id=(\S+)"#).makeFinder()
    let line: [UInt8] = [0xFF, 0x20] + Array("id=".utf8) + [0xC3, 0x28, 0x20, 0]
    #expect(line.withUnsafeBytes { finder.keys(in: $0) } == [5..<7])
  }

  @Test func aKeyAtTheEndOfALongLineIsFound() throws {
    let finder = try SessionKeyPattern(#"blk_-?\d+"#).makeFinder()
    let line = String(repeating: "blk blk_x ", count: 100_000) + "blk_-7"
    #expect(line.bytes { finder.keys(in: $0) } == [1_000_000..<1_000_006])
    #expect(finder.abandonedLines == 0)
  }

  @Test func aWrongPatternIsExplained() {
    let error = failure { () throws(LogTextError) in try SessionKeyPattern("blk_(") }
    guard case .invalidPattern("blk_(", 5, let reason) = error else {
      Issue.record("got \(String(describing: error))")
      return
    }
    #expect(reason.contains("parenthes"))
  }

  @Test func aCatastrophicPatternIsAbandonedAndCounted() throws {
    let finder = try SessionKeyPattern("(a+)+$").makeFinder()
    let line = String(repeating: "a", count: 50_000) + "b"
    #expect(line.bytes { finder.keys(in: $0) }.isEmpty)
    #expect(finder.abandonedLines == 1)
    #expect("caab aa".bytes { finder.keys(in: $0) } == [5..<7])
    #expect(finder.abandonedLines == 1)
  }
}
