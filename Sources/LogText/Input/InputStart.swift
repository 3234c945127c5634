/// What the first bytes of an input say before a line of it is read: a mark of its encoding, or that
/// it is no text at all.
enum InputStart: Equatable {
  /// More bytes are needed to tell.
  case undecided
  /// Text behind so many bytes of a mark.
  case text(skipping: Int)
  /// So many control characters that it is hardly text.
  case binary
  /// No text: what it is, and a command that makes text of it (`%` stands for
  /// the path).
  case other(what: String, remedy: String)

  /// U+FEFF in UTF-8, which says nothing.
  static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Two bytes that every gzip file begins with, and the number of its only method.
  static let gzip: [UInt8] = [0x1F, 0x8B, 0x08]

  /// Packed forms by the bytes that they begin with; gzip is unpacked before.
  private static let packed: [(magic: [UInt8], what: String, remedy: String)] = [
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz data", "xz -dc %"),
    ([0x28, 0xB5, 0x2F, 0xFD], "zstd data", "zstd -dc %"),
    ([0x50, 0x4B, 0x03, 0x04], "a zip archive", "unzip -p %"),
    ([0x04, 0x22, 0x4D, 0x18], "lz4 data", "lz4 -dc %"),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive", "7z x -so %"),
    ([0x1F, 0x9D], "data of compress", "uncompress -c %"),
  ]

  /// bzip2 has a digit between its letters and the mark of its first block; letters alone may begin a text.
  private static let bzip2 = (letters: Array("BZh".utf8), block: Array("1AY&SY".utf8))

  /// Bytes that show whether text is UTF-16, and whether it is text.
  private static let (wideSample, sample) = (32, 512)

  /// - Parameters:
  ///   - head: the first bytes, as many as have come.
  ///   - isWhole: no more will come.
  init(_ head: UnsafeRawBufferPointer, isWhole: Bool) {
    self = Self.judge(head, isWhole: isWhole)
  }

  private static func judge(_ head: UnsafeRawBufferPointer, isWhole: Bool) -> InputStart {
    func begins(_ magic: [UInt8]) -> Bool { head.starts(with: magic) }
    func mayBegin(_ magic: [UInt8]) -> Bool {
      !isWhole && head.count < magic.count && magic.starts(with: head)
    }
    if begins(mark) { return .text(skipping: mark.count) }
    if begins([0xFF, 0xFE]) { return wide("UTF-16LE") }
    if begins([0xFE, 0xFF]) { return wide("UTF-16BE") }
    for (magic, what, remedy) in packed where begins(magic) {
      return .other(what: what, remedy: remedy)
    }
    if begins(bzip2.letters) {
      let block = head.dropFirst(4)
      if block.starts(with: bzip2.block) {
        return .other(what: "bzip2 data", remedy: "bzip2 -dc %")
      }
      if !isWhole, bzip2.block.starts(with: block) { return .undecided }
    }
    // The first read of a file gives two bytes, by which gzip is told.
    let isShort = head.count < 3 && !isWhole && !head.contains(ASCII.newline)
    if isShort || mayBegin(bzip2.letters)
      || packed.contains(where: { mayBegin($0.magic) })
      || [mark, [0xFF, 0xFE], [0xFE, 0xFF]].contains(where: mayBegin)
    {
      return .undecided
    }
    if let name = wideName(head) { return wide(name) }
    return isBinary(head) ? .binary : .text(skipping: 0)
  }

  private static func wide(_ name: String) -> InputStart {
    .other(what: "\(name) text", remedy: "iconv -f \(name) -t UTF-8 %")
  }

  /// The name of the two-byte encoding in which every other byte of plain text is 0.
  private static func wideName(_ head: UnsafeRawBufferPointer) -> String? {
    guard head.count >= wideSample else { return nil }
    let pairs = min(head.count, 4_096) / 2
    let low = (0..<pairs).count { head[2 * $0] == 0 }
    let high = (0..<pairs).count { head[2 * $0 + 1] == 0 }
    if 10 * high >= 7 * pairs, 20 * low <= pairs { return "UTF-16LE" }
    return 10 * low >= 7 * pairs && 20 * high <= pairs ? "UTF-16BE" : nil
  }

  /// Whether many different control characters stand in it: one or two of them part fields in some
  /// logs, and runs of 0 are holes of a file.
  private static func isBinary(_ head: UnsafeRawBufferPointer) -> Bool {
    guard head.count >= sample else { return false }
    var kinds: Set<UInt8> = []
    var count = 0
    for byte in head.prefix(4_096) where byte < 0x20 && byte != 0 {
      switch byte {
      case 0x07...0x0D, 0x1B: continue
      default:
        kinds.insert(byte)
        count += 1
      }
    }
    return kinds.count >= 8 && 20 * count >= min(head.count, 4_096)
  }
}
