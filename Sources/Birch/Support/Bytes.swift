/// Appends little-endian numbers to bytes.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ value: UInt8) { bytes.append(value) }

  mutating func write(_ value: UInt32) {
    for shift in stride(from: 0, to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(shift)))
    }
  }

  mutating func write(_ value: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
    }
  }

  mutating func write(_ value: Int) { write(UInt64(bitPattern: Int64(value))) }

  mutating func write(_ value: Double) { write(value.bitPattern) }
}

/// Reads little-endian numbers; past the end it throws and never traps.
struct ByteReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The bytes not yet read.
  var remaining: Int { bytes.count - position }

  mutating func readByte() throws(BirchError) -> UInt8 {
    guard remaining >= 1 else { throw .malformedTree(reason: "they end too early") }
    position += 1
    return bytes[position - 1]
  }

  mutating func readUInt32() throws(BirchError) -> UInt32 {
    UInt32(truncatingIfNeeded: try readLittleEndian(byteCount: 4))
  }

  mutating func readInt() throws(BirchError) -> Int {
    Int(Int64(bitPattern: try readLittleEndian(byteCount: 8)))
  }

  mutating func readDouble() throws(BirchError) -> Double {
    Double(bitPattern: try readLittleEndian(byteCount: 8))
  }

  private mutating func readLittleEndian(byteCount: Int) throws(BirchError) -> UInt64 {
    guard remaining >= byteCount else { throw .malformedTree(reason: "they end too early") }
    var value: UInt64 = 0
    for offset in 0..<byteCount {
      value |= UInt64(bytes[position + offset]) << UInt64(8 * offset)
    }
    position += byteCount
    return value
  }
}
