import CZlib

/// Writes a snapshot in one step: whole numbers of variable length, runs of bytes behind their
/// length, a CRC-32 of all before it at the end.
///
/// Bytes leave in pieces, so that a snapshot of any size needs little memory.
final class SnapshotWriter {
  /// What a snapshot starts with; the number is that of the layout.
  static let magic = Array("birchlog snapshot 3\n".utf8)
  private static let pieceSize = 1 << 18

  private let file: AtomicFile
  private var piece: [UInt8] = []
  private var checksum: UInt = 0

  /// - Parameter magic: what the file starts with.
  init(path: String, magic: [UInt8] = SnapshotWriter.magic) throws(BirchlogError) {
    file = try AtomicFile(path: path)
    piece = magic
  }

  func write(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      piece.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    piece.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Small numbers of either sign stay short.
  func write(_ value: Int64) {
    write(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  func write(_ value: Int) { write(Int64(value)) }

  func write(_ value: Float) { write(UInt64(value.bitPattern)) }

  func write(_ value: Double) { write(value.bitPattern) }

  func write(_ bytes: [UInt8]) {
    write(UInt64(bytes.count))
    piece.append(contentsOf: bytes)
  }

  /// Hands over what has gathered, when it is much.
  func flush() throws(BirchlogError) {
    if piece.count >= Self.pieceSize { try handOver() }
  }

  /// Puts the snapshot in the place of the one before it.
  func commit() throws(BirchlogError) {
    try handOver()
    let value = UInt32(truncatingIfNeeded: checksum)
    try file.write((0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
    try file.commit()
  }

  private func handOver() throws(BirchlogError) {
    checksum = snapshotChecksum(checksum, piece[...])
    try file.write(piece)
    piece.removeAll(keepingCapacity: true)
  }
}

/// A CRC-32 carried on over more bytes.
func snapshotChecksum(_ value: UInt, _ bytes: ArraySlice<UInt8>) -> UInt {
  bytes.isEmpty ? value : bytes.withUnsafeBufferPointer { crc32_z(value, $0.baseAddress, $0.count) }
}
