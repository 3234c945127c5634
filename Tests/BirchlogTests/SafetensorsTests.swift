import Testing

@testable import Birchlog

@Suite struct SafetensorsTests {
  private var file: SafetensorsFile {
    SafetensorsFile(
      metadata: ["format": .string("birchlog"), "note": .string("a \"crc32\":\"quoted\" text")],
      tensors: [
        StoredTensor(name: "a", shape: [2, 2], floats: [1, -2, .pi, 0]),
        StoredTensor(name: "b", shape: [3], int32s: [1, -1, .max]),
        StoredTensor(name: "c", shape: [1], doubles: [0.1]),
        StoredTensor(name: "d", shape: [0], int64s: []),
        StoredTensor(name: "e", bytes: [1, 2, 3]),
      ])
  }

  /// A file of this header and these bytes whose checksum is right: a `#` stands for the digits.
  private func forged(_ header: String, data: [UInt8]) -> [UInt8] {
    let parts = header.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let text = Array(parts.joined(separator: SafetensorsChecksum.blank).utf8)
    var bytes = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text + data
    if let checksum = SafetensorsChecksum(bytes, header: 8..<(8 + text.count)) {
      bytes.replaceSubrange(checksum.digits, with: Array(checksum.text.utf8))
    }
    return bytes
  }

  private func entry(
    _ name: String = "a", type: String = "\"F32\"", shape: String = "[2]", offsets: String = "[0,8]"
  ) -> String {
    "\"\(name)\":{\"dtype\":\(type),\"shape\":\(shape),\"data_offsets\":\(offsets)}"
  }

  private let metadata = "\"__metadata__\":{\"crc32\":\"#\"}"

  @Test func whatIsWrittenReadsBackTheSame() throws {
    let bytes = file.bytes()
    let read = try SafetensorsFile(bytes: bytes, name: "m")
    #expect(read == file)
    #expect(read.bytes() == bytes)
    #expect(read.tensor("a")?.floats == [1, -2, .pi, 0])
    #expect(read.tensor("b")?.int32s == [1, -1, .max])
    #expect(read.tensor("c")?.doubles == [0.1])
    #expect(read.tensor("d")?.int64s == [])
    #expect(read.tensor("e")?.bytes == [1, 2, 3])
    #expect(read.tensor("a")?.doubles == nil && read.tensor("f") == nil)
  }

  @Test func tensorsBeginAtAMultipleOfEightBytes() {
    for length in 0..<8 {
      let note = String(repeating: "x", count: length)
      let bytes = SafetensorsFile(metadata: ["note": .string(note)], tensors: []).bytes()
      #expect(bytes.count % 8 == 0)
    }
  }

  @Test func theChecksumIsThatOfTheFileWithItsDigitsAsZeros() {
    let bytes = forged("{\"__metadata__\":{\"crc32\":\"#\"}}", data: [])
    // Python: zlib.crc32((37).to_bytes(8, "little") + b'{"__metadata__":{"crc32":"00000000"}}')
    #expect(
      String(decoding: bytes[8...], as: UTF8.self) == "{\"__metadata__\":{\"crc32\":\"d01c807e\"}}")
  }

  @Test func everyChangedByteIsNoticed() {
    let bytes = file.bytes()
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 0x41
      #expect(throws: BirchlogError.self) { try SafetensorsFile(bytes: damaged, name: "m") }
    }
  }

  @Test func everyCutAndEveryAddedByteIsNoticed() {
    let bytes = file.bytes()
    for count in 0..<bytes.count {
      #expect(throws: BirchlogError.self) {
        try SafetensorsFile(bytes: Array(bytes[..<count]), name: "m")
      }
    }
    #expect(throws: BirchlogError.self) { try SafetensorsFile(bytes: bytes + [0], name: "m") }
  }

  @Test func aHeaderLengthBeyondTheFileAllocatesNothing() {
    let bytes: [UInt8] = [255, 255, 255, 255, 255, 255, 255, 127] + Array("{\"a\":1}".utf8)
    #expect(throws: BirchlogError.self) { try SafetensorsFile(bytes: bytes, name: "m") }
  }

  @Test func aForgedFileThatIsSoundIsRead() throws {
    let header = "{\(entry()),\(metadata),\(entry("b", type: "\"U8\"", offsets: "[8,10]"))}  "
    let bytes = forged(header, data: [UInt8](repeating: 0, count: 10))
    #expect(try SafetensorsFile(bytes: bytes, name: "m").tensors.map(\.name) == ["a", "b"])
  }

  @Test(arguments: [
    ("\"F16\"", "[2]", "[0,8]"), ("1", "[2]", "[0,8]"),
    ("\"F32\"", "[3]", "[0,8]"), ("\"F32\"", "[-2]", "[0,8]"), ("\"F32\"", "[-1,-2]", "[0,8]"),
    ("\"F32\"", "[2.5]", "[0,8]"), ("\"F32\"", "2", "[0,8]"), ("\"F32\"", "[\"2\"]", "[0,8]"),
    ("\"F32\"", "[4611686018427387904,4]", "[0,0]"),
    ("\"F32\"", "[9223372036854775807]", "[0,8]"),
    ("\"U8\"", "[9223372036854775807]", "[0,9223372036854775807]"),
    ("\"F32\"", "[2]", "[0,4]"), ("\"F32\"", "[2]", "[4,12]"), ("\"F32\"", "[2]", "[8,0]"),
    ("\"F32\"", "[2]", "[-8,0]"), ("\"F32\"", "[2]", "[0,8,16]"), ("\"F32\"", "[2]", "null"),
  ])
  func aHeaderThatClaimsWhatIsNotThereIsRefused(type: String, shape: String, offsets: String) {
    let header = "{\(metadata),\(entry(type: type, shape: shape, offsets: offsets))}"
    let bytes = forged(header, data: [UInt8](repeating: 0, count: 8))
    #expect(throws: BirchlogError.self) { try SafetensorsFile(bytes: bytes, name: "m") }
  }

  @Test(arguments: [
    "{}", "{\"__metadata__\":{}}", "{\"__metadata__\":\"crc32\"}", "{\"crc32\":\"#\"}",
    "{\"__metadata__\":{\"crc32\":\"#\",\"number\":1}}", "{\"__metadata__\":{\"crc32\":\"#\"}",
    "{\"__metadata__\":{\"crc32\":\"\"}}", "{\"__metadata__\":{\"crc32\":\"",
  ])
  func aHeaderOfAnotherMakeIsForeign(header: String) {
    expectMessage(of: forged(header, data: []), toContain: "is not a Birchlog model")
  }

  @Test func tensorsThatOverlapOrLeaveAGapAreRefused() {
    let data = [UInt8](repeating: 0, count: 16)
    for offsets in ["[0,8]", "[4,12]", "[12,20]"] {
      let header = "{\(metadata),\(entry()),\(entry("b", offsets: offsets))}"
      #expect(throws: BirchlogError.self) {
        try SafetensorsFile(bytes: forged(header, data: data), name: "m")
      }
    }
  }

  @Test func aHeaderMayNameManyTensorsButNotCostMoreMemoryThanThey() throws {
    let tensors = (0..<2000).map { StoredTensor(name: "tensor.\($0)", shape: [1], int32s: [$0]) }
    let many = SafetensorsFile(metadata: [:], tensors: tensors)
    #expect(try SafetensorsFile(bytes: many.bytes(), name: "m") == many)
    let values = repeatElement("{}", count: 6000).joined(separator: ",")
    let costly = forged("{\(metadata),\"a\":[\(values)]}", data: [])
    expectMessage(of: costly, toContain: "is not a Birchlog model")
  }

  @Test func messagesTellAForeignFileFromACutOne() {
    expectMessage(of: [], toContain: "m is empty")
    expectMessage(of: Array("a log line\nanother one\n".utf8), toContain: "is not a Birchlog model")
    expectMessage(of: file.bytes().dropLast(9), toContain: "is cut off or damaged")
  }

  private func expectMessage(of bytes: [UInt8], toContain part: String) {
    do {
      _ = try SafetensorsFile(bytes: bytes, name: "m")
      Issue.record("a bad file was read")
    } catch {
      #expect(error.message.contains(part), "\(error.message)")
    }
  }
}
