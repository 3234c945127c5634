/// Turns the content of a line into its skeleton: values that are variable by their form become wildcards.
///
/// One pass over the bytes, no regular expression, no allocation once its buffers have grown. Each thread has its own.
public struct LineScanner: Sendable {
  /// A token as it stands in the content.
  struct Piece: Sendable {
    var start: Int32
    var end: Int32
    /// The form of a masked value; nil for words and marks.
    var type: ParameterType?
  }

  /// The skeleton of the content scanned last.
  var skeleton: [UInt8] = []
  /// The content's tokens, one for each of the skeleton's.
  var pieces: [Piece] = []

  public init() {
    skeleton.reserveCapacity(512)
    pieces.reserveCapacity(128)
  }

  /// Scans a line's content.
  mutating func scan(_ line: UnsafeRawBufferPointer) {
    skeleton.removeAll(keepingCapacity: true)
    pieces.removeAll(keepingCapacity: true)
    var index = 0
    var needsBlank = false
    while index < line.count {
      let byte = line[index]
      if ASCII.isSpace(byte) {
        needsBlank = !skeleton.isEmpty
        index += 1
        continue
      }
      if needsBlank {
        skeleton.append(ASCII.space)
        needsBlank = false
      }
      index = scanToken(line, index, byte)
    }
  }

  /// Scans the token at `index` and returns the index behind it.
  private mutating func scanToken(
    _ line: UnsafeRawBufferPointer, _ index: Int, _ byte: UInt8
  ) -> Int {
    if Skeleton.isMark(byte) {
      if byte == ASCII.quote || byte == ASCII.apostrophe,
        let end = Self.longQuoteEnd(line, index)
      {
        constant(line, index, index + 1)
        mask(.quoted, index + 1, end - 1)
        constant(line, end - 1, end)
        return end
      }
      if byte == ASCII.colon, let end = Self.addressEnd(line, index) {
        mask(.address, index, end)
        return end
      }
      constant(line, index, index + 1)
      return index + 1
    }
    if ASCII.isDigit(byte) || ASCII.isLetter(byte) {
      if let (type, end) = Self.structuredValue(line, index) {
        mask(type, index, end)
        return end
      }
    } else if byte == ASCII.slash {
      return scanSlash(line, index)
    }
    return scanWord(line, index)
  }

  /// A path, or a slash before an address.
  private mutating func scanSlash(_ line: UnsafeRawBufferPointer, _ index: Int) -> Int {
    let next = index + 1
    guard next < line.count, !ASCII.isSpace(line[next]) else {
      constant(line, index, next)
      return next
    }
    if let (type, end) = Self.structuredValue(line, next), type == .address || type == .uuid {
      constant(line, index, next)
      mask(type, next, end)
      return end
    }
    let end = Self.pathEnd(line, index)
    guard end > next else { return scanWord(line, index) }
    mask(.path, index, end)
    return end
  }

  private mutating func scanWord(_ line: UnsafeRawBufferPointer, _ index: Int) -> Int {
    if line[index] == Skeleton.wildcard {
      var end = index
      while end < line.count, !ASCII.isSpace(line[end]), !Skeleton.isMark(line[end]) { end += 1 }
      mask(.identifier, index, end)
      return end
    }
    let (end, kind) = Skeleton.tokenEnd(line, index)
    guard kind == .word else {
      constant(line, index, end)
      return end
    }
    let word = WordForm(line, index, end)
    if word.hasWildcardByte {
      mask(.identifier, index, end)
      return end
    }
    if word.isScheme, let urlEnd = Self.urlEnd(line, end) {
      mask(.url, index, urlEnd)
      return urlEnd
    }
    switch word.reading {
    case .constant:
      constant(line, index, end)
      return end
    case .masked(let type):
      let last = Self.portEnd(line, end)
      mask(type, index, last)
      return last
    case .prefixed(let prefix):
      constant(line, index, index + prefix)
      let last = Self.portEnd(line, end)
      mask(.identifier, index + prefix, last)
      return last
    }
  }

  private mutating func constant(_ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int) {
    skeleton.append(contentsOf: UnsafeRawBufferPointer(rebasing: line[start..<end]))
    append(start, end, nil)
  }

  private mutating func mask(_ type: ParameterType, _ start: Int, _ end: Int) {
    skeleton.append(Skeleton.wildcard)
    append(start, end, type)
  }

  private mutating func append(_ start: Int, _ end: Int, _ type: ParameterType?) {
    pieces.append(
      Piece(
        start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: end), type: type))
  }
}
