import Glibc

/// The times in the header of the line before: where the same bytes stand again, they need not be read again.
///
/// Many lines of a log are written within the second that its times count.
final class RepeatedTimes {
  /// Bytes of a time that are remembered, with the blanks behind it.
  private static let longest = 48

  private struct Entry {
    /// 0 where nothing is remembered.
    var count = 0
    var time: Int64?
  }

  private let positions: Int
  private let entries: UnsafeMutablePointer<Entry>
  private let bytes: UnsafeMutableRawPointer

  /// - Parameter positions: parts of the header, each of which may be a time.
  init(positions: Int) {
    self.positions = positions
    entries = .allocate(capacity: max(1, positions))
    entries.initialize(repeating: Entry(), count: max(1, positions))
    bytes = .allocate(byteCount: max(1, positions) * Self.longest, alignment: 16)
  }

  deinit {
    entries.deallocate()
    bytes.deallocate()
  }

  /// The match that the part at a position of the header had in the line before, where the same bytes stand in this one.
  @inline(__always)
  func match(
    _ line: UnsafeRawBufferPointer, at start: Int, _ position: Int
  ) -> HeaderElement.Match? {
    guard position < positions else { return nil }
    let count = entries[position].count
    guard count > 0, start + count <= line.count, let base = line.baseAddress,
      memcmp(base + start, bytes + position * Self.longest, count) == 0
    else { return nil }
    return .init(
      end: HeaderElement.skipBlanks(line, start + count), time: entries[position].time)
  }

  /// Remembers a time that was read.
  func note(
    _ match: HeaderElement.Match, _ line: UnsafeRawBufferPointer, from start: Int, _ position: Int
  ) {
    let count = match.end - start
    // Behind a blank nothing of a time is looked at: what comes next cannot change how it is read.
    guard position < positions, 1...Self.longest ~= count, ASCII.isSpace(line[match.end - 1]),
      let base = line.baseAddress
    else { return }
    entries[position] = Entry(count: count, time: match.time)
    (bytes + position * Self.longest).copyMemory(from: base + start, byteCount: count)
  }
}
