import Testing

@testable import LogText

struct InputStartTests {
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  private static let text = "2025-03-05 08:10:00 INFO shop: sent answer 201\n"

  private func lines(_ bytes: [UInt8], chunk: Int = 1 << 18) throws -> [(String, UInt64)] {
    let file = TemporaryFile(bytes)
    let source = try LineSource(path: file.path, chunkSize: chunk)
    var lines: [(String, UInt64)] = []
    while let line = try source.next() { lines.append((ByteText.string(line.bytes), line.offset)) }
    return lines
  }

  @Test(arguments: [1, 2, 1 << 18]) func aMarkIsPassedOverAndCountsInOffsets(chunk: Int) throws {
    let found = try lines(Self.mark + Array("a\nb\n".utf8) + Self.mark, chunk: chunk)
    #expect(found.map(\.0) == ["a", "b", "\u{FEFF}"])
    #expect(found.map(\.1) == [3, 5, 7])
    #expect(try lines(Array(Self.mark.prefix(2)), chunk: chunk).count == 1)
    #expect(try lines(Self.mark, chunk: chunk).isEmpty)
  }

  @Test(
    arguments: [
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd"),
      (Array("BZh91AY&SY".utf8), "bzip2"), ([0x50, 0x4B, 0x03, 0x04], "unzip"),
      ([0xFF, 0xFE, 0x61, 0x00], "UTF-16LE"), ([0xFE, 0xFF, 0x00, 0x61], "UTF-16BE"),
    ] as [([UInt8], String)]) func whatIsNoTextIsRefusedByName(magic: [UInt8], name: String) throws
  {
    for chunk in [1, 1 << 18] {
      let error = #expect(throws: LogTextError.self) {
        try lines(magic + Array(Self.text.utf8), chunk: chunk)
      }
      #expect(error?.message.contains(name) == true)
    }
  }

  @Test func bytesInMemoryAreLinesWhateverTheyAre() throws {
    let wide: [UInt8] = [0xFF, 0xFE, 0x20, 0x61]
    try wide.withUnsafeBytes { bytes in
      let line = try LineSource(bytes: bytes, name: "lines").next()
      #expect(line?.bytes.count == 4)
    }
  }

  @Test func plainUTF16IsRecognisedByItsZeros() throws {
    for isLittle in [true, false] {
      var wide: [UInt8] = []
      for unit in Self.text.utf16 {
        let (low, high) = (UInt8(unit & 0xFF), UInt8(unit >> 8))
        wide += isLittle ? [low, high] : [high, low]
      }
      #expect(throws: LogTextError.self) { try lines(wide) }
    }
  }

  @Test func textOfAnyKindIsRead() throws {
    var fix: [UInt8] = []
    for number in 0..<100 {
      fix += Array("8=FIX.4.2\u{1}9=\(number)\u{1}35=D\u{1}49=A\u{1}\n".utf8)
    }
    var cyrillic: [UInt8] = []
    for _ in 0..<200 { cyrillic += [UInt8](repeating: 0xC1, count: 20) + [0x0A] }
    let texts: [[UInt8]] = [
      fix, cyrillic, Array("BZh is a word\n".utf8), Array("(a)\n".utf8),
      [UInt8](repeating: 0, count: 5_000) + Array(Self.text.utf8), [0x28], [0x0A],
    ]
    for bytes in texts { #expect(try !lines(bytes).isEmpty) }
  }

  @Test func binaryDataAreTold() throws {
    var state: UInt64 = 1
    let bytes = (0..<4_096).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 33)
    }
    for (content, isBinary) in [(bytes, true), (Array(Self.text.utf8), false)] {
      let source = try LineSource(of: content)
      _ = try source.next()
      #expect(source.looksBinary == isBinary)
    }
  }
}
