/// Reads what ``SnapshotWriter`` wrote; every length is checked against the bytes that are there.
struct SnapshotReader {
  /// Longest snapshot that is read, in bytes.
  private static let sizeLimit = 1 << 32

  private let bytes: [UInt8]
  private let path: String
  /// What is wrong with a damaged one and how to mend it.
  private let damage: String
  private var index: Int
  private let end: Int

  /// - Throws: `io` when there is no such file, `input` when it is damaged.
  init(
    path: String, magic: [UInt8] = SnapshotWriter.magic,
    damage: String = "is no snapshot of a stream, or a damaged one; start without it"
  ) throws(BirchlogError) {
    self.path = path
    self.damage = damage
    bytes = try fileBytes(path, limit: Self.sizeLimit)
    index = magic.count
    end = bytes.count - 4
    guard end >= index, bytes.starts(with: magic) else { throw damaged }
    let stored = bytes[end...].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    let computed = snapshotChecksum(0, bytes[..<end])
    guard UInt32(truncatingIfNeeded: computed) == stored else { throw damaged }
  }

  /// The error that says what a damaged snapshot means.
  var damaged: BirchlogError {
    .input("\(path) \(damage).")
  }

  /// Bytes that are still to be read.
  var remaining: Int { end - index }

  mutating func unsigned() throws(BirchlogError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while index < end, shift < 64 {
      let byte = bytes[index]
      index += 1
      value |= UInt64(byte & 0x7f) &<< shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw damaged
  }

  mutating func signed() throws(BirchlogError) -> Int64 {
    let value = try unsigned()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  /// A count of things that happened.
  mutating func count() throws(BirchlogError) -> Int {
    let value = try signed()
    guard value >= 0, value < 1 << 62 else { throw damaged }
    return Int(value)
  }

  /// The number of items that follow, each of which takes a byte or more.
  mutating func length() throws(BirchlogError) -> Int {
    let value = try unsigned()
    guard value <= UInt64(remaining) else { throw damaged }
    return Int(value)
  }

  mutating func int32() throws(BirchlogError) -> Int32 {
    guard let value = Int32(exactly: try signed()) else { throw damaged }
    return value
  }

  mutating func float() throws(BirchlogError) -> Float {
    guard let bits = UInt32(exactly: try unsigned()) else { throw damaged }
    let value = Float(bitPattern: bits)
    guard value.isFinite else { throw damaged }
    return value
  }

  mutating func double() throws(BirchlogError) -> Double {
    let value = Double(bitPattern: try unsigned())
    guard value.isFinite else { throw damaged }
    return value
  }

  mutating func run() throws(BirchlogError) -> [UInt8] {
    let count = try length()
    defer { index += count }
    return Array(bytes[index..<(index + count)])
  }
}
