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
      if byte == ASCII.less, let end = Self.durationEnd(line, index) {
        mask(.duration, index, end)
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
        return mask(type, index, end, portOf: line)
      }
    } else if byte == ASCII.slash {
      return scanSlash(line, index)
    }
    if ASCII.isLetter(byte) || byte == ASCII.backslash,
      let end = Self.drivePathEnd(line, index)
    {
      mask(.path, index, end)
      return end
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
      return scanPort(line, prefixed(line, index, next, end, type))
    }
    let end = Self.pathEnd(line, index)
    guard end > next else { return scanWord(line, index) }
    mask(.path, index, end)
    return end
  }

  private mutating func scanWord(_ line: UnsafeRawBufferPointer, _ index: Int) -> Int {
    // Most words are letters and nothing else: constant whatever they are, but for the two that are values.
    var letters = index
    while letters < line.count, ASCII.isLetter(line[letters]) { letters += 1 }
    if letters > index, letters - index < 4 || letters - index > 5,
      letters == line.count || Skeleton.endsPlainWord(line[letters])
    {
      constant(line, index, letters)
      return letters
    }
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
      guard type == .number else { return mask(type, index, end, portOf: line) }
      let last = Self.sizeUnitEnd(line, end)
      mask(last > end ? .size : type, index, last)
      return last
    case .prefixed(let prefix):
      return scanPort(line, prefixed(line, index, index + prefix, end, .identifier))
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
    if let separator = listSeparator(), continuesList(separator, type) {
      joinList(separator, end)
      return
    }
    skeleton.append(Skeleton.wildcard)
    append(start, start, end, type)
  }

  /// Masks a value that may have a port behind it and returns the index behind both.
  private mutating func mask(
    _ type: ParameterType, _ start: Int, _ end: Int, portOf line: UnsafeRawBufferPointer
  ) -> Int {
    let count = pieces.count
    mask(type, start, end)
    guard pieces.count > count else {
      // A list took the value: it takes the port too.
      let last = Self.portEnd(line, end)
      pieces[pieces.count - 1].end = Int32(truncatingIfNeeded: last)
      return last
    }
    return scanPort(line, end)
  }

  /// Masks a port at `end`, where there is one, and returns the index behind it.
  private mutating func scanPort(_ line: UnsafeRawBufferPointer, _ end: Int) -> Int {
    let last = Self.portEnd(line, end)
    guard last > end else { return end }
    constant(line, end, end + 1)
    skeleton.append(Skeleton.wildcard)
    append(end + 1, end + 1, last, .port)
    return last
  }

  /// Adds a value behind a constant prefix and returns the index behind it.
  private mutating func prefixed(
    _ line: UnsafeRawBufferPointer, _ start: Int, _ value: Int, _ end: Int, _ type: ParameterType
  ) -> Int {
    let prefix = UnsafeRawBufferPointer(rebasing: line[start..<value])
    if let separator = listSeparator(), repeatsPrefix(prefix, separator) {
      joinList(separator, end)
      return end
    }
    skeleton.append(contentsOf: prefix)
    skeleton.append(Skeleton.wildcard)
    append(start, value, end, type)
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
    var separator = ListSeparator()
    guard var last = skeleton.last else { return nil }
    if last == ASCII.space {
      separator.hasBlank = true
      last = skeleton[skeleton.count - 2]
    }
    if last == ASCII.comma || last == ASCII.bar { separator.hasMark = true }
    let end = skeleton.count - separator.count
    guard separator.count > 0, end > 0, skeleton[end - 1] == Skeleton.wildcard else { return nil }
    return separator
  }

  /// Whether a value goes on with a list: however long, a list is one value. Values with nothing but a mark between them
  /// are one, addresses with a blank between them too, and within brackets all values of one form.
  private func continuesList(_ separator: ListSeparator, _ type: ParameterType) -> Bool {
    guard separator.hasBlank else { return true }
    let last = pieces[pieces.count - (separator.hasMark ? 2 : 1)]
    if !separator.hasMark, type == .address, last.value == last.start,
      last.type == .address || last.type == .port
    {
      return true
    }
    let open = skeleton.count - separator.count - 2
    return open >= 0 && (last.type == type || isPlain(last.type) && isPlain(type))
      && (skeleton[open] == ASCII.leftBracket || skeleton[open] == ASCII.leftBrace)
  }

  /// Whether a value is a number or has no other form than letters and digits: `4` and `5-7`.
  private func isPlain(_ type: ParameterType?) -> Bool { type == .number || type == .identifier }

  /// Whether the value before a separator has the same prefix: a list of things of one kind.
  private func repeatsPrefix(
    _ prefix: UnsafeRawBufferPointer, _ separator: ListSeparator
  ) -> Bool {
    let last = pieces[pieces.count - (separator.hasMark ? 2 : 1)]
    let end = skeleton.count - separator.count - 1
    return last.type != nil && Int(last.value - last.start) == prefix.count && end >= prefix.count
      && skeleton[(end - prefix.count)..<end].elementsEqual(prefix)
  }

  /// Takes a value into the one before the separator.
  private mutating func joinList(_ separator: ListSeparator, _ end: Int) {
    skeleton.removeLast(separator.count)
    if separator.hasMark { pieces.removeLast() }
    pieces[pieces.count - 1].end = Int32(truncatingIfNeeded: end)
  }

  private mutating func append(_ start: Int, _ value: Int, _ end: Int, _ type: ParameterType?) {
    pieces.append(
      Piece(
        start: Int32(truncatingIfNeeded: start), value: Int32(truncatingIfNeeded: value),
        end: Int32(truncatingIfNeeded: end), type: type))
  }
}
