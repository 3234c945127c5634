import SIMDKernels

/// Turns the content of a line into its skeleton: values that are variable by their form become wildcards.
///
/// One pass over the bytes, no regular expression, no allocation once its room has grown. Each thread has its own.
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

  /// Bytes of a content that are looked at; what is behind them is one value.
  static let longest = 8192
  /// Zeros behind a line, so that words can be read sixteen bytes at a time.
  static let padding = 32

  /// One after the other the pieces, the skeleton and the line with its padding.
  private var room: [UInt8] = []
  /// Bytes of a line for which there is room.
  private var capacity = 0
  private var skeletonCount = 0
  /// The content's tokens, one for each of the skeleton's.
  private(set) var pieceCount = 0

  private var skeletonStart: Int { (capacity + capacity / 2 + 2) * MemoryLayout<Piece>.stride }
  private var lineStart: Int { skeletonStart + capacity + capacity / 2 + Self.padding }

  public init() {}

  /// Hands over the skeleton of the content scanned last.
  func withSkeleton<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let range = skeletonStart..<(skeletonStart + skeletonCount)
    return room.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }

  /// A token of the content scanned last; nil where it has no so many.
  func piece(_ index: Int) -> Piece? {
    guard (0..<pieceCount).contains(index) else { return nil }
    return room.withUnsafeBytes {
      $0.load(fromByteOffset: index * MemoryLayout<Piece>.stride, as: Piece.self)
    }
  }

  /// Scans a line's content.
  ///
  /// - Parameter isPadded: as many bytes as ``padding`` can be read behind it, as in a ``LineBlock``.
  mutating func scan(_ content: UnsafeRawBufferPointer, isPadded: Bool = false) {
    let count = min(content.count, Self.longest)
    if count > capacity || room.isEmpty {
      capacity = max(count, min(2 * capacity, Self.longest), 256)
      room = [UInt8](repeating: 0, count: lineStart + capacity + Self.padding)
    }
    let (skeletonStart, lineStart) = (skeletonStart, lineStart)
    (skeletonCount, pieceCount) = room.withUnsafeMutableBytes { room in
      let base = room.baseAddress.unsafelyUnwrapped
      var line = content
      if !isPadded || !Self.endsBlank(content) {
        let copy = UnsafeMutableRawBufferPointer(
          rebasing: room[lineStart..<(lineStart + count + Self.padding)])
        copy.copyMemory(from: UnsafeRawBufferPointer(rebasing: content[..<count]))
        for index in count..<(count + Self.padding) { copy[index] = 0 }
        line = UnsafeRawBufferPointer(rebasing: copy[..<count])
      }
      var writer = SkeletonWriter(
        line: line, bytes: (base + skeletonStart).assumingMemoryBound(to: UInt8.self),
        pieces: base.assumingMemoryBound(to: Piece.self))
      Self.scan(&writer)
      if content.count > count {
        writer.blank()
        writer.value(.word, count, content.count)
      }
      return (writer.count, writer.pieceCount)
    }
  }

  /// Whether a padded content can be scanned where it lies: with a blank or nothing behind it, as a copy would have, no word seems to go on.
  private static func endsBlank(_ content: UnsafeRawBufferPointer) -> Bool {
    guard content.count <= longest, let base = content.baseAddress else { return false }
    let behind = base.load(fromByteOffset: content.count, as: UInt8.self)
    return behind == 0 || ASCII.isSpace(behind)
  }

  private static func scan(_ writer: inout SkeletonWriter) {
    let line = writer.line
    var index = 0
    var needsBlank = false
    while index < line.count {
      let byte = line[index]
      let kind = simd_byte_class(byte)
      if kind & SIMD_SPACE != 0 {
        needsBlank = writer.count > 0
        index += 1
        continue
      }
      if needsBlank, byte == ASCII.leftParenthesis, let end = restatedSizeEnd(line, index) {
        index = end
        needsBlank = end < line.count && ASCII.isSpace(line[end])
        continue
      }
      if needsBlank {
        writer.blank()
        needsBlank = false
      }
      if kind & SIMD_LETTER != 0 {
        index = scanLetters(&writer, index) ?? scanValue(&writer, index)
      } else if kind & SIMD_DIGIT != 0 {
        index = scanDigits(&writer, index) ?? scanValue(&writer, index)
      } else if kind & SIMD_MARK != 0 {
        index = scanMark(&writer, index)
      } else if byte == ASCII.slash {
        index = scanSlash(&writer, index)
      } else if byte == ASCII.backslash, let end = drivePathEnd(line, index) {
        writer.mask(.path, index, end)
        index = end
      } else {
        index = scanWord(&writer, index)
      }
    }
  }

  /// Scans the word at `index` where it is letters and nothing else, as most words are; nil where it may be more.
  @inline(__always)
  private static func scanLetters(_ writer: inout SkeletonWriter, _ index: Int) -> Int? {
    var end = index
    while true {
      let others = ~simd_letters(writer.pointer(end)) & 0xFFFF
      end += others == 0 ? 16 : others.trailingZeroBitCount
      if others != 0 { break }
    }
    let line = writer.line
    let length = end - index
    if !isBehindLetters(writer, index, end) { return nil }
    if length == 3, ASCII.isUppercase(line[index]), let last = namedTimeEnd(line, index) {
      return writer.maskWithPort(.timestamp, index, last)
    }
    if length == 4 || length == 5, line[index] | 0x20 == (length == 4 ? 0x74 : 0x66),
      WordForm.isBoolean(line, index, end)
    {
      return writer.maskWithPort(.boolean, index, end)
    }
    if length >= HexadecimalRun.telling,
      HexadecimalRun.isNumber(line, index, end, isPrefixed: false)
    {
      return writer.maskWithPort(.hexadecimal, index, end)
    }
    writer.constant(index, end)
    return end
  }

  /// Whether what follows letters leaves no doubt that they are a word: a blank, most marks, the end of a sentence, or the colon
  /// of what is no scheme, drive or hexadecimal group.
  @inline(__always)
  private static func isBehindLetters(_ writer: SkeletonWriter, _ index: Int, _ end: Int) -> Bool {
    let line = writer.line
    if end == line.count { return true }
    let next = writer.pointer(end)
    if simd_byte_class(next[0]) & SIMD_PLAIN_END != 0 { return true }
    if next[0] == ASCII.dot {
      return end + 1 == line.count || simd_byte_class(next[1]) & SIMD_SPACE != 0
    }
    guard next[0] == ASCII.colon, next[1] != ASCII.slash, end - index > 2 else { return false }
    return end - index > 5 || !line[index..<end].allSatisfy { ASCII.isHexDigit($0) }
  }

  /// Scans the number at `index` where it is digits and nothing else; nil where it may be more.
  @inline(__always)
  private static func scanDigits(_ writer: inout SkeletonWriter, _ index: Int) -> Int? {
    var end = index
    while true {
      let others = ~simd_digits(writer.pointer(end)) & 0xFFFF
      end += others == 0 ? 16 : others.trailingZeroBitCount
      if others != 0 { break }
    }
    guard end == writer.line.count || simd_byte_class(writer.line[end]) & SIMD_PLAIN_END != 0
    else { return nil }
    return scanNumber(&writer, index, end)
  }

  private static func scanNumber(_ writer: inout SkeletonWriter, _ index: Int, _ end: Int) -> Int {
    let last = sizeUnitEnd(writer.line, end)
    writer.mask(last > end ? .size : .number, index, last)
    return last
  }

  /// Scans what begins with a letter or digit.
  private static func scanValue(_ writer: inout SkeletonWriter, _ index: Int) -> Int {
    if let (type, end) = structuredValue(writer, index) {
      return writer.maskWithPort(type, index, end)
    }
    if ASCII.isLetter(writer.line[index]), let end = drivePathEnd(writer.line, index) {
      writer.mask(.path, index, end)
      return end
    }
    return scanWord(&writer, index)
  }

  private static func scanMark(_ writer: inout SkeletonWriter, _ index: Int) -> Int {
    let line = writer.line
    let byte = line[index]
    if byte == ASCII.quote || byte == ASCII.apostrophe, let end = longQuoteEnd(line, index) {
      writer.constant(index, index + 1)
      writer.mask(.quoted, index + 1, end - 1)
      writer.constant(end - 1, end)
      return end
    }
    if byte == ASCII.less, let end = durationEnd(line, index) {
      writer.mask(.duration, index, end)
      return end
    }
    // Behind a word the colons are those of a qualified name.
    if byte == ASCII.colon,
      index == 0 || ASCII.isSpace(line[index - 1]) || Skeleton.isMark(line[index - 1]),
      let end = addressEnd(line, index)
    {
      writer.mask(.address, index, end)
      return end
    }
    writer.constant(index, index + 1)
    // A value of no bytes, so that lines which have it and lines which lack it have one skeleton.
    if isEmptyValue(line, index) { writer.mask(.word, index + 1, index + 1) }
    return index + 1
  }

  /// Whether brackets open and close at once where a value would stand: behind a blank, unlike those of a call.
  private static func isEmptyValue(_ line: UnsafeRawBufferPointer, _ index: Int) -> Bool {
    guard index + 1 < line.count, index > 0, ASCII.isSpace(line[index - 1]) else { return false }
    return line[index] == ASCII.leftParenthesis && line[index + 1] == ASCII.rightParenthesis
      || line[index] == ASCII.leftBracket && line[index + 1] == ASCII.rightBracket
  }

  /// A path, or a slash before an address.
  private static func scanSlash(_ writer: inout SkeletonWriter, _ index: Int) -> Int {
    let line = writer.line
    let next = index + 1
    guard next < line.count, !ASCII.isSpace(line[next]) else {
      writer.constant(index, next)
      return next
    }
    if let (type, end) = structuredValue(writer, next), type == .address || type == .uuid {
      return writer.port(writer.prefixed(index, next, end, type))
    }
    let end = pathEnd(line, index)
    guard end > next else { return scanWord(&writer, index) }
    writer.mask(.path, index, end)
    return end
  }

  private static func scanWord(_ writer: inout SkeletonWriter, _ index: Int) -> Int {
    let line = writer.line
    if line[index] == Skeleton.wildcard {
      let end = foreignEnd(line, index)
      writer.mask(.identifier, index, end)
      return end
    }
    if Skeleton.isSentenceEnd(line[index]) {
      let (end, kind) = Skeleton.tokenEnd(line, index)
      if kind == .mark {
        writer.constant(index, end)
        return end
      }
    }
    let word = WordForm(writer, index)
    if word.isBeforeWildcard {
      // The wildcard's byte itself stands in the line.
      return writer.prefixed(index, word.end, foreignEnd(line, word.end), .identifier)
    }
    if word.isScheme, let end = urlEnd(line, word.end) {
      writer.mask(.url, index, end)
      return end
    }
    switch word.reading {
    case .constant:
      writer.constant(index, word.end)
      return word.end
    case .masked(.number): return scanNumber(&writer, index, word.end)
    case .masked(let type): return writer.maskWithPort(type, index, word.end)
    case .prefixed(let prefix):
      return writer.port(writer.prefixed(index, index + prefix, word.end, .identifier))
    }
  }

  /// The end of a word that holds the wildcard's byte.
  private static func foreignEnd(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var end = start
    while end < line.count, !ASCII.isSpace(line[end]), !Skeleton.isMark(line[end]) { end += 1 }
    return end
  }
}
