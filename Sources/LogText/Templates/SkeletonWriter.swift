import SIMDKernels

/// Writes the skeleton of a line and its pieces into room that the ``LineScanner`` gives.
struct SkeletonWriter {
  typealias Piece = LineScanner.Piece

  /// The line, with ``LineScanner/padding`` zeros behind it.
  let line: UnsafeRawBufferPointer
  private let bytes: UnsafeMutablePointer<UInt8>
  private let pieces: UnsafeMutablePointer<Piece>
  /// Bytes of the skeleton.
  private(set) var count = 0
  private(set) var pieceCount = 0

  /// - Parameters:
  ///   - bytes: room for one and a half times the line and ``LineScanner/padding`` more.
  ///   - pieces: room for one and a half times as many pieces as the line has bytes, and two more.
  init(
    line: UnsafeRawBufferPointer, bytes: UnsafeMutablePointer<UInt8>,
    pieces: UnsafeMutablePointer<Piece>
  ) {
    self.line = line
    self.bytes = bytes
    self.pieces = pieces
  }

  /// Where a part of the line lies in memory; sixteen bytes from there can be read.
  @inline(__always)
  func pointer(_ index: Int) -> UnsafePointer<UInt8> {
    line.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self) + index
  }

  @inline(__always)
  mutating func blank() { put(ASCII.space) }

  @inline(__always)
  private mutating func put(_ byte: UInt8) {
    bytes[count] = byte
    count += 1
  }

  @inline(__always)
  private mutating func put(from start: Int, to end: Int) {
    var index = start
    while index < end {
      simd_copy16(bytes + count + (index - start), pointer(index))
      index += 16
    }
    count += end - start
  }

  @inline(__always)
  private mutating func add(_ start: Int, _ value: Int, _ end: Int, _ type: ParameterType?) {
    pieces[pieceCount] = Piece(
      start: Int32(truncatingIfNeeded: start), value: Int32(truncatingIfNeeded: value),
      end: Int32(truncatingIfNeeded: end), type: type)
    pieceCount += 1
  }

  /// Adds a word or mark.
  @inline(__always)
  mutating func constant(_ start: Int, _ end: Int) {
    put(from: start, to: end)
    add(start, start, end, nil)
  }

  /// Adds a value, or takes it into the list that it goes on with.
  mutating func mask(_ type: ParameterType, _ start: Int, _ end: Int) {
    if let separator = listSeparator(), continuesList(separator, type) {
      joinList(separator, end)
    } else {
      value(type, start, end)
    }
  }

  /// Adds a value that belongs to no list.
  mutating func value(_ type: ParameterType, _ start: Int, _ end: Int) {
    put(Skeleton.wildcard)
    add(start, start, end, type)
  }

  /// Adds a value that may have a port behind it and returns the index behind both.
  mutating func maskWithPort(_ type: ParameterType, _ start: Int, _ end: Int) -> Int {
    let before = pieceCount
    mask(type, start, end)
    guard pieceCount > before else {
      // A list took the value: it takes the port too.
      let last = LineScanner.portEnd(line, end)
      pieces[pieceCount - 1].end = Int32(truncatingIfNeeded: last)
      return last
    }
    return port(end)
  }

  /// Adds a port at `end`, where there is one, and returns the index behind it.
  mutating func port(_ end: Int) -> Int {
    let last = LineScanner.portEnd(line, end)
    guard last > end else { return end }
    constant(end, end + 1)
    value(.port, end + 1, last)
    return last
  }

  /// Adds a value behind a constant prefix and returns the index behind it.
  mutating func prefixed(_ start: Int, _ value: Int, _ end: Int, _ type: ParameterType) -> Int {
    if let separator = listSeparator(), repeatsPrefix(line[start..<value], separator) {
      joinList(separator, end)
      return end
    }
    put(from: start, to: value)
    put(Skeleton.wildcard)
    add(start, value, end, type)
    return end
  }

  /// What stands between two values of a list: a comma or bar, a blank, or a comma and a blank.
  private struct ListSeparator {
    var hasMark = false
    var hasBlank = false

    var count: Int { (hasMark ? 1 : 0) + (hasBlank ? 1 : 0) }
  }

  /// The separator at the end of the skeleton, where a value stands before it.
  private func listSeparator() -> ListSeparator? {
    guard count > 1 else { return nil }
    var separator = ListSeparator()
    var last = count - 1
    if bytes[last] == ASCII.space {
      separator.hasBlank = true
      last -= 1
    }
    if bytes[last] == ASCII.comma || bytes[last] == ASCII.bar {
      separator.hasMark = true
      last -= 1
    }
    guard separator.count > 0, last >= 0, bytes[last] == Skeleton.wildcard else { return nil }
    return separator
  }

  /// Whether a value goes on with a list: however long, a list is one value. Values with nothing but a mark between them
  /// are one, addresses with a blank between them too, and within brackets all values of one form.
  private func continuesList(_ separator: ListSeparator, _ type: ParameterType) -> Bool {
    guard separator.hasBlank else { return true }
    let last = pieces[pieceCount - (separator.hasMark ? 2 : 1)]
    if !separator.hasMark, type == .address, last.value == last.start,
      last.type == .address || last.type == .port
    {
      return true
    }
    let open = count - separator.count - 2
    return open >= 0 && (last.type == type || isPlain(last.type) && isPlain(type))
      && (bytes[open] == ASCII.leftBracket || bytes[open] == ASCII.leftBrace)
  }

  /// Whether a value is a number or has no other form than letters and digits: `4` and `5-7`.
  private func isPlain(_ type: ParameterType?) -> Bool { type == .number || type == .identifier }

  /// Whether the value before a separator has the same prefix: a list of things of one kind.
  private func repeatsPrefix(
    _ prefix: Slice<UnsafeRawBufferPointer>, _ separator: ListSeparator
  ) -> Bool {
    let last = pieces[pieceCount - (separator.hasMark ? 2 : 1)]
    let end = count - separator.count - 1
    return last.type != nil && Int(last.value - last.start) == prefix.count && end >= prefix.count
      && UnsafeBufferPointer(start: bytes + end - prefix.count, count: prefix.count)
        .elementsEqual(prefix)
  }

  /// Takes a value into the one before the separator.
  private mutating func joinList(_ separator: ListSeparator, _ end: Int) {
    count -= separator.count
    if separator.hasMark { pieceCount -= 1 }
    pieces[pieceCount - 1].end = Int32(truncatingIfNeeded: end)
  }
}
