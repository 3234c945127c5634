import SIMDKernels

/// Scanners of values whose form holds marks, so that they must be seen before the words are parted.
extension LineScanner {
  /// The address, UUID, MAC or time that begins at `start`, and the index behind it.
  static func structuredValue(_ writer: SkeletonWriter, _ start: Int) -> (ParameterType, Int)? {
    let line = writer.line
    let first = line[start]
    if ASCII.isDigit(first) {
      if let end = ipv4End(writer, start) { return (.address, end) }
      if let end = timeEnd(line, start) { return (.timestamp, end) }
      if let end = durationEnd(line, start) { return (.duration, end) }
    } else if ASCII.isUppercase(first), let end = namedTimeEnd(line, start) {
      return (.timestamp, end)
    }
    guard ASCII.isHexDigit(first) else { return nil }
    if let end = uuidEnd(line, start) { return (.uuid, end) }
    if let end = macEnd(line, start) { return (.mac, end) }
    if let end = addressEnd(line, start) { return (.address, end) }
    return nil
  }

  /// Whether a value may end before `index`: no letter, digit or underscore goes on.
  @inline(__always)
  static func isBoundary(_ line: UnsafeRawBufferPointer, _ index: Int) -> Bool {
    guard index < line.count else { return true }
    let byte = line[index]
    return simd_byte_class(byte) & (SIMD_LETTER | SIMD_DIGIT) == 0 && byte != ASCII.underscore
  }

  /// Digits from `start`, at most `most` of them; the index behind them.
  @inline(__always)
  static func digitsEnd(_ line: UnsafeRawBufferPointer, _ start: Int, most: Int) -> Int {
    var index = start
    while index < line.count, index - start < most, ASCII.isDigit(line[index]) { index += 1 }
    return index
  }

  /// The index behind `:port` at `end`, or `end`.
  static func portEnd(_ line: UnsafeRawBufferPointer, _ end: Int) -> Int {
    guard end + 1 < line.count, line[end] == ASCII.colon else { return end }
    let last = digitsEnd(line, end + 1, most: 5)
    guard last > end + 2, isBoundary(line, last) else { return end }
    return last
  }

  /// The index behind a unit of bytes that follows a number and one blank (`5.0 KB`), or `end`.
  static func sizeUnitEnd(_ line: UnsafeRawBufferPointer, _ end: Int) -> Int {
    guard end + 1 < line.count, line[end] == ASCII.space else { return end }
    var index = end + 1
    if [0x4B, 0x6B, 0x4D, 0x47, 0x54, 0x50].contains(line[index]) {
      index += 1
      if index < line.count, line[index] == 0x69 { index += 1 }
    }
    guard index < line.count, line[index] == 0x42, isBoundary(line, index + 1) else { return end }
    return index + 1
  }

  /// The index behind a size in parentheses that says once more how many bytes were named before it, `1165 bytes (1.13 KB)`: writers
  /// leave it out where the number is small, so it is no part of the line's form.
  static func restatedSizeEnd(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    guard start >= 6, line[(start - 6)..<start].elementsEqual("bytes ".utf8) else { return nil }
    var index = digitsEnd(line, start + 1, most: 15)
    guard index > start + 1, index + 1 < line.count else { return nil }
    if line[index] == ASCII.dot { index = digitsEnd(line, index + 1, most: 15) }
    let end = sizeUnitEnd(line, index)
    guard end > index, end < line.count, line[end] == ASCII.rightParenthesis else { return nil }
    return end + 1
  }

  /// `10.0.0.1`, with `:port` or `/24` behind it perhaps.
  private static func ipv4End(_ writer: SkeletonWriter, _ start: Int) -> Int? {
    let line = writer.line
    // Which of the next sixteen bytes end a part: an address has fifteen at most.
    var others = ~simd_digits(writer.pointer(start)) & 0xFFFF
    var index = start
    for part in 0..<4 {
      let end = start + others.trailingZeroBitCount
      guard others != 0, end > index, end - index <= 3 else { return nil }
      index = end
      if part < 3 {
        guard index < line.count, line[index] == ASCII.dot else { return nil }
        index += 1
        others &= others - 1
      }
    }
    guard isBoundary(line, index) else { return nil }
    if index + 1 < line.count, line[index] == ASCII.dot || line[index] == ASCII.minus,
      !isBoundary(line, index + 1)
    {
      return nil
    }
    if index < line.count, line[index] == ASCII.slash {
      let end = digitsEnd(line, index + 1, most: 2)
      if end > index + 1, isBoundary(line, end), end == line.count || line[end] != ASCII.dot {
        return end
      }
    }
    return index
  }

  /// Eight, four, four, four and twelve hexadecimal digits.
  private static func uuidEnd(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    guard start + 36 <= line.count, line[start + 8] == ASCII.minus, line[start + 13] == ASCII.minus
    else { return nil }
    for offset in 0..<36 {
      let byte = line[start + offset]
      let isDash = offset == 8 || offset == 13 || offset == 18 || offset == 23
      guard isDash ? byte == ASCII.minus : ASCII.isHexDigit(byte) else { return nil }
    }
    return isBoundary(line, start + 36) ? start + 36 : nil
  }

  /// Six pairs of hexadecimal digits between colons or dashes.
  private static func macEnd(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    guard start + 17 <= line.count else { return nil }
    let mark = line[start + 2]
    guard mark == ASCII.colon || mark == ASCII.minus else { return nil }
    for offset in 0..<17 {
      let byte = line[start + offset]
      guard offset % 3 == 2 ? byte == mark : ASCII.isHexDigit(byte) else { return nil }
    }
    let end = start + 17
    guard isBoundary(line, end), end == line.count || line[end] != mark else { return nil }
    return end
  }

  /// An IPv6 address: eight groups, or fewer around `::`; a ninth group is a port.
  static func addressEnd(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    var index = start
    var groups = 0
    var isShortened = false
    while index < line.count {
      var end = index
      while end < line.count, end - index < 5, ASCII.isHexDigit(line[end]) { end += 1 }
      if end > index { groups += 1 }
      // More groups than any address has: reading on from every one of them would be quadratic.
      guard groups <= 9 else { return nil }
      index = end
      guard index < line.count, line[index] == ASCII.colon else { break }
      if index + 1 < line.count, line[index + 1] == ASCII.colon {
        guard !isShortened else { return nil }
        isShortened = true
        index += 2
        continue
      }
      // The colon belongs to the address only when a group follows.
      guard index + 1 < line.count, ASCII.isHexDigit(line[index + 1]), end > start else { break }
      index += 1
    }
    guard isBoundary(line, index) else { return nil }
    // "::" alone stands in C++ names as well.
    let isShort = isShortened && groups >= 1 && groups <= 8 && index - start >= 3
    guard isShort || groups == 8 || groups == 9 else { return nil }
    // A scope such as "%eth0" belongs to the address.
    if index < line.count, line[index] == ASCII.percent {
      index += 1
      while !isBoundary(line, index) { index += 1 }
    }
    return index
  }

  /// The rest of a URL whose scheme ends at `end`.
  static func urlEnd(_ line: UnsafeRawBufferPointer, _ end: Int) -> Int? {
    guard end + 3 < line.count, line[end] == ASCII.colon, line[end + 1] == ASCII.slash,
      line[end + 2] == ASCII.slash
    else { return nil }
    var index = end + 3
    while index < line.count, !isValueEnd(line[index]) { index += 1 }
    return trimmed(line, end + 3, index)
  }

  /// The index behind the path that begins at `start`.
  static func pathEnd(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var index = start
    while index < line.count {
      let byte = line[index]
      if isValueEnd(byte) || byte == ASCII.colon { break }
      index += 1
    }
    return trimmed(line, start, index)
  }

  /// The index behind a path with a drive letter or the name of a share, `C:\\a\\b` or `\\\\host\\a`.
  static func drivePathEnd(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    guard start + 3 < line.count else { return nil }
    let isShare = line[start] == ASCII.backslash && line[start + 1] == ASCII.backslash
    let isDrive =
      ASCII.isLetter(line[start]) && line[start + 1] == ASCII.colon
      && line[start + 2] == ASCII.backslash
    guard isDrive || isShare && ASCII.isLetter(line[start + 2]) else { return nil }
    let end = pathEnd(line, start + 2)
    return end > start + 3 ? end : nil
  }

  /// Blanks, quotes, brackets and the separators of lists end a path or URL.
  @inline(__always)
  private static func isValueEnd(_ byte: UInt8) -> Bool {
    simd_byte_class(byte) & SIMD_PATH_END != 0
  }

  private static func trimmed(_ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Int {
    var end = end
    while end > start, Skeleton.isSentenceEnd(line[end - 1]) || line[end - 1] == ASCII.colon {
      end -= 1
    }
    return end
  }

  /// Words in quotes from which on the quoted text is free text.
  private static let longQuote = 6

  /// The index behind the closing quote of a text of more than six words; nil for shorter ones, whose words matter, and for a message.
  static func longQuoteEnd(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    let quote = line[start]
    guard opensQuote(line, start), !opensMessage(line, start) else { return nil }
    var index = start + 1
    var words = 1
    while index < line.count, line[index] != quote {
      if ASCII.isSpace(line[index]), !ASCII.isSpace(line[index - 1]) { words += 1 }
      index += 1
    }
    guard index < line.count, words > longQuote else { return nil }
    return index + 1
  }

  /// Whether a quote opens the message of a line of fields, `msg="…"`: what a logger was told to write, not a value.
  private static func opensMessage(_ line: UnsafeRawBufferPointer, _ start: Int) -> Bool {
    guard start > 0, line[start - 1] == ASCII.equals else { return false }
    var first = start - 1
    while first > 0, !isBoundary(line, first - 1) { first -= 1 }
    return Skeleton.namesMessage(line[first..<(start - 1)])
  }

  /// Whether a quote stands where one opens. The end of a short quoted text opens no other, or all
  /// up to the next quote would be taken for quoted.
  private static func opensQuote(_ line: UnsafeRawBufferPointer, _ start: Int) -> Bool {
    guard start > 0 else { return true }
    if line[start] == ASCII.apostrophe { return isBoundary(line, start - 1) }
    switch line[start - 1] {
    case ASCII.space, ASCII.tab, ASCII.leftParenthesis, ASCII.leftBracket, ASCII.leftBrace,
      ASCII.less, ASCII.equals, ASCII.colon, ASCII.comma, ASCII.bar,
      ASCII.backslash, ASCII.apostrophe:
      return true
    default: return false
    }
  }
}
