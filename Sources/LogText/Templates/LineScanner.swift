/// Turns the content of a line into its skeleton: values that are variable by their form become wildcards.
///
/// One pass over the bytes, no regular expression, no allocation once its buffers have grown. Each thread has its own.
public struct LineScanner: Sendable {
  /// A token as it stands in the content.
  struct Piece: Sendable {
    var start: Int32
    /// Where its value begins, behind a constant prefix perhaps.
    var value: Int32
    var end: Int32
    /// The form of a masked value; nil for words and marks.
    var type: ParameterType?
  }

  /// The skeleton of the content scanned last.
  var skeleton: [UInt8] = []
  /// The content's tokens, one for each of the skeleton's.
  var pieces: [Piece] = []

  /// Bytes of a content that are looked at; what is behind them is one value.
  static let longest = 8192

  public init() {
    skeleton.reserveCapacity(512)
    pieces.reserveCapacity(128)
  }

  /// Scans a line's content.
  mutating func scan(_ content: UnsafeRawBufferPointer) {
    let line = UnsafeRawBufferPointer(rebasing: content.prefix(Self.longest))
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
    if content.count > line.count {
      skeleton.append(ASCII.space)
      skeleton.append(Skeleton.wildcard)
      append(line.count, line.count, content.count, .word)
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
      // Behind a word the colons are those of a qualified name.
      if byte == ASCII.colon,
        index == 0 || ASCII.isSpace(line[index - 1]) || Skeleton.isMark(line[index - 1]),
        let end = Self.addressEnd(line, index)
      {
        mask(.address, index, end)
        return end
      }
      constant(line, index, index + 1)
      return Self.isEmptyValue(line, index) ? scanEmptyValue(index + 1) : index + 1
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

  /// Whether brackets open and close at once where a value would stand: behind a blank, unlike those of a call.
  private static func isEmptyValue(_ line: UnsafeRawBufferPointer, _ index: Int) -> Bool {
    guard index + 1 < line.count, index > 0, ASCII.isSpace(line[index - 1]) else { return false }
    return line[index] == ASCII.leftParenthesis && line[index + 1] == ASCII.rightParenthesis
      || line[index] == ASCII.leftBracket && line[index + 1] == ASCII.rightBracket
  }

  /// A value of no bytes, so that lines which have it and lines which lack it have one skeleton.
  private mutating func scanEmptyValue(_ index: Int) -> Int {
    mask(.word, index, index)
    return index
  }

  /// A path, or a slash before an address.
  private mutating func scanSlash(_ line: UnsafeRawBufferPointer, _ index: Int) -> Int {
    let next = index + 1
    guard next < line.count, !ASCII.isSpace(line[next]) else {
      constant(line, index, next)
      return next
    }
    if let (type, end) = Self.structuredValue(line, next), type == .address || type == .uuid {
      return prefixed(line, index, next, end, type)
    }
    let end = Self.pathEnd(line, index)
    guard end > next else { return scanWord(line, index) }
    mask(.path, index, end)
    return end
  }

  private mutating func scanWord(_ line: UnsafeRawBufferPointer, _ index: Int) -> Int {
    if line[index] == Skeleton.wildcard {
      let end = Self.foreignEnd(line, index)
      mask(.identifier, index, end)
      return end
    }
    let (end, kind) = Skeleton.tokenEnd(line, index)
    switch kind {
    case .mark, .wildcard:
      constant(line, index, end)
      return end
    case .prefixed:
      // The wildcard's byte itself stands in the line.
      return prefixed(line, index, end - 1, Self.foreignEnd(line, end), .identifier)
    case .word: break
    }
    let word = WordForm(line, index, end)
    if word.isScheme, let urlEnd = Self.urlEnd(line, end) {
      mask(.url, index, urlEnd)
      return urlEnd
    }
    switch word.reading {
    case .constant:
      constant(line, index, end)
      return end
    case .masked(let type):
      let last = type == .number ? Self.sizeUnitEnd(line, end) : Self.portEnd(line, end)
      mask(type == .number && last > end ? .size : type, index, last)
      return last
    case .prefixed(let prefix):
      return prefixed(line, index, index + prefix, Self.portEnd(line, end), .identifier)
    }
  }

  /// The end of a word that holds the wildcard's byte.
  private static func foreignEnd(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var end = start
    while end < line.count, !ASCII.isSpace(line[end]), !Skeleton.isMark(line[end]) { end += 1 }
    return end
  }

  private mutating func constant(_ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int) {
    skeleton.append(contentsOf: UnsafeRawBufferPointer(rebasing: line[start..<end]))
    append(start, start, end, nil)
  }

  private mutating func mask(_ type: ParameterType, _ start: Int, _ end: Int) {
    if joinsList(start) || joinsAddresses(type) {
      // The comma or blank between the two goes, and with the comma its piece.
      let mark = skeleton.removeLast()
      if mark == ASCII.comma { pieces.removeLast() }
      pieces[pieces.count - 1].end = Int32(truncatingIfNeeded: end)
      return
    }
    skeleton.append(Skeleton.wildcard)
    append(start, start, end, type)
  }

  /// Adds a value behind a constant prefix and returns the index behind it.
  private mutating func prefixed(
    _ line: UnsafeRawBufferPointer, _ start: Int, _ value: Int, _ end: Int, _ type: ParameterType
  ) -> Int {
    let prefix = UnsafeRawBufferPointer(rebasing: line[start..<value])
    if repeatsPrefix(prefix) {
      skeleton.removeLast()
      pieces[pieces.count - 1].end = Int32(truncatingIfNeeded: end)
      return end
    }
    skeleton.append(contentsOf: prefix)
    skeleton.append(Skeleton.wildcard)
    append(start, value, end, type)
    return end
  }

  /// Whether a value at `start` follows another and a comma without a blank: a list, however long, is one value.
  private func joinsList(_ start: Int) -> Bool {
    guard pieces.count >= 2, skeleton.last == ASCII.comma,
      skeleton[skeleton.count - 2] == Skeleton.wildcard
    else { return false }
    return Int(pieces[pieces.count - 1].end) == start
  }

  /// Whether an address follows another and a blank: a list of them, too.
  private func joinsAddresses(_ type: ParameterType) -> Bool {
    guard type == .address, let last = pieces.last, last.type == .address else { return false }
    return skeleton.last == ASCII.space && last.value == last.start
  }

  /// Whether the last token is a value with the same prefix and a blank behind it: a list of things of one kind.
  private func repeatsPrefix(_ prefix: UnsafeRawBufferPointer) -> Bool {
    guard let last = pieces.last, last.type != nil, skeleton.last == ASCII.space,
      Int(last.value - last.start) == prefix.count
    else { return false }
    let end = skeleton.count - 2
    return end >= prefix.count && skeleton[end] == Skeleton.wildcard
      && skeleton[(end - prefix.count)..<end].elementsEqual(prefix)
  }

  private mutating func append(_ start: Int, _ value: Int, _ end: Int, _ type: ParameterType?) {
    pieces.append(
      Piece(
        start: Int32(truncatingIfNeeded: start), value: Int32(truncatingIfNeeded: value),
        end: Int32(truncatingIfNeeded: end), type: type))
  }
}
