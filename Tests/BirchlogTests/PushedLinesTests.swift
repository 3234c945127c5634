import Testing

@testable import Birchlog

@Suite struct PushedLinesTests {
  private static func push(_ bytes: [UInt8], to stream: LogStream) throws {
    try bytes.withUnsafeBytes { try stream.push($0) }
  }

  private static func stream() throws -> LogStream {
    let trainer = try Trainer(options: "{\"hidden_size\": 16, \"epochs\": 2, \"threads\": 1}")
    trainer.add(
      sessions: (0..<40).map { [1, 2, 3] + ($0 % 2 == 0 ? [4] : [5, 4]) }, isNormal: true)
    return try LogStream(model: trainer.run { _ in true }, options: nil)
  }

  @Test(
    arguments: [
      (Array("\u{FEFF}a,1 2".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }), "UTF-16LE"),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0x01], "xz"), ([0x28, 0xB5, 0x2F, 0xFD, 9], "zstd"),
      ([0x1F, 0x8B, 0x08, 0, 7], "gzip"),
    ] as [([UInt8], String)]) func whatBeginsAsNoTextIsRefused(start: [UInt8], name: String) throws
  {
    let stream = try Self.stream()
    for line in [start, Array("b,1 2 3 4".utf8)] {
      let error = #expect(throws: BirchlogError.self) { try Self.push(line, to: stream) }
      #expect(error?.message.contains(name) == true)
    }
    #expect(stream.statistics.unassigned == 2)
    #expect(stream.statistics.isRefused)
    stream.flush(ended: true)
    #expect(try stream.poll().isEmpty)
  }

  @Test func aLaterLineMayHoldAnything() throws {
    let stream = try Self.stream()
    try Self.push(Array("a,1 2 3 4".utf8), to: stream)
    #expect(throws: BirchlogError.self) { try Self.push([0xFF, 0xFE, 0x61, 0x00], to: stream) }
    #expect(!stream.statistics.isRefused)
    try Self.push(Array("b,1 2 3 4".utf8), to: stream)
    stream.flush(ended: true)
    #expect(try stream.poll().count == 2)
  }
}
