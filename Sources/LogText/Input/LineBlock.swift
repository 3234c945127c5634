import Glibc
import SIMDKernels

/// Some thousand lines or records in memory of their own, for a thread to work on.
///
/// Behind every line stand ``padding`` bytes that can be read, the first of which is no letter and no digit. A block is filled while
/// nobody else holds it, and only read afterwards.
public final class LineBlock: @unchecked Sendable {
  /// Lines that a block holds at most.
  static let mostLines = 1 << 14
  /// Bytes of lines that a block of them holds at most.
  static let size = 1 << 20
  /// Bytes behind a line that can be read.
  static let padding = 64

  private var room = UnsafeMutableRawBufferPointer.allocate(
    byteCount: LineBlock.size + LineBlock.padding, alignment: 64)
  /// Where each line ends; the next one begins behind the byte that stands there.
  private let ends = UnsafeMutablePointer<UInt32>.allocate(capacity: LineBlock.mostLines)
  /// Lines in the block.
  public private(set) var count = 0
  /// Bytes in the block, whether their lines were found or not.
  private(set) var filled = 0
  /// Whether the lines are as they stood in a text, and may have a carriage return before their end.
  private var isText = false
  /// Whether the last line lacks its newline.
  private var isOpen = false

  /// An empty block.
  public init() {}

  deinit {
    room.deallocate()
    ends.deallocate()
  }

  /// Whether there is no room for more records.
  public var isFull: Bool { filled >= Self.size || count == Self.mostLines }

  /// Takes all lines out.
  public func removeAll() {
    (count, filled) = (0, 0)
    (isText, isOpen) = (false, false)
  }

  /// Adds a record, which may hold newlines.
  public func add(_ record: UnsafeRawBufferPointer) {
    reserve(record.count + 1)
    UnsafeMutableRawBufferPointer(rebasing: room[filled...]).copyMemory(from: record)
    ends[count] = UInt32(truncatingIfNeeded: filled + record.count)
    count += 1
    filled += record.count + 1
    room[filled - 1] = ASCII.newline
  }

  /// A line by its number in the block, and where it begins there.
  @inline(__always)
  public func line(_ index: Int) -> (bytes: UnsafeRawBufferPointer, start: Int) {
    let start = index == 0 ? 0 : Int(ends[index - 1]) + 1
    var end = Int(ends[index])
    if isText, end > start, room[end - 1] == ASCII.carriageReturn, !isOpen || index + 1 < count {
      end -= 1
    }
    return (UnsafeRawBufferPointer(rebasing: room[start..<end]), start)
  }

  /// Hands over every line and its number in the block.
  @inline(__always)
  public func forEachLine(_ body: (UnsafeRawBufferPointer, Int) -> Void) {
    for index in 0..<count { body(line(index).bytes, index) }
  }

  /// Makes room for more bytes behind those that are there.
  private func reserve(_ more: Int) {
    guard filled + more + Self.padding > room.count else { return }
    let grown = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(2 * room.count, filled + more + Self.padding), alignment: 64)
    grown.copyMemory(from: UnsafeRawBufferPointer(rebasing: room[..<filled]))
    room.deallocate()
    room = grown
  }
}

/// Filling a block with the lines of a text.
extension LineBlock {
  /// Bytes behind the lines that were found.
  var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: room[used..<filled]) }

  /// Bytes of the lines that were found, newlines included.
  var used: Int {
    guard count > 0 else { return 0 }
    return Int(ends[count - 1]) + (isOpen ? 0 : 1)
  }

  /// Adds bytes of a text up to a size, by a reader that returns how many it wrote, and finds the lines that end among them.
  func fill(upTo limit: Int, _ read: (UnsafeMutableRawBufferPointer) -> Int) {
    isText = true
    let start = filled
    filled += read(UnsafeMutableRawBufferPointer(rebasing: room[start..<limit]))
    let base = room.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
    count += simd_places(
      base, start, filled, ASCII.newline, ends + count, Self.mostLines - count)
  }

  /// Makes a line of what stands behind the last newline.
  func close() {
    guard filled > used, count < Self.mostLines else { return }
    ends[count] = UInt32(truncatingIfNeeded: filled)
    count += 1
    isOpen = true
    memset(room.baseAddress.unsafelyUnwrapped + filled, 0, Self.padding)
  }
}
