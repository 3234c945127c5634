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

  @Test func whatIsWrittenReadsBackTheSame() throws {
    let bytes = file.bytes()
    let read = try SafetensorsFile(bytes: bytes, name: "m")
    #expect(read == file)
    #expect(read.bytes() == bytes)
    #expect(read.tensor("a")?.floats == [1, -2, .pi, 0])
    #expect(read.tensor("b")?.int32s == [1, -1, .max])
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
      #expect(throws: BirchlogError.self) { try SafetensorsFile(bytes: Array(bytes[..<count]), name: "m") }
    }
    #expect(throws: BirchlogError.self) { try SafetensorsFile(bytes: bytes + [0], name: "m") }
  }

  @Test func aHeaderLengthBeyondTheFileAllocatesNothing() {
    let bytes: [UInt8] = [255, 255, 255, 255, 255, 255, 255, 127] + Array("{\"a\":1}".utf8)
    #expect(throws: BirchlogError.self) { try SafetensorsFile(bytes: bytes, name: "m") }
  }
}
