/// Bytes that stay where they are until they are changed, to be lent as a buffer.
final class HeldBytes {
  private var storage = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
  private(set) var count = 0

  deinit { storage.deallocate() }

  /// The bytes, valid until the next change.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage[..<count]) }

  func removeAll() { count = 0 }

  func set(_ bytes: [UInt8]) {
    count = 0
    bytes.withUnsafeBytes { append($0) }
  }

  func append(_ byte: UInt8) {
    reserve(1)
    storage[count] = byte
    count += 1
  }

  /// Adds bytes that are not these own ones.
  func append(_ bytes: UnsafeRawBufferPointer) {
    guard !bytes.isEmpty else { return }
    reserve(bytes.count)
    UnsafeMutableRawBufferPointer(rebasing: storage[count..<(count + bytes.count)])
      .copyMemory(from: bytes)
    count += bytes.count
  }

  private func reserve(_ more: Int) {
    guard count + more > storage.count else { return }
    let grown = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(2 * storage.count, count + more), alignment: 16)
    grown.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[..<count]))
    storage.deallocate()
    storage = grown
  }
}
