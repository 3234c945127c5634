import SIMDKernels

/// The form of a line: its words and marks, one blank where blanks were, and one byte for every masked value.
enum Skeleton {
  /// Stands for a masked value. The byte is in no valid UTF-8; a word that holds it is masked itself.
  static let wildcard: UInt8 = 0xFF

  /// What a token is.
  enum Kind: UInt8, Sendable {
    case word, mark, wildcard
    /// A constant prefix and a value, such as `blk_` and what follows it.
    case prefixed
  }

  /// A token of a skeleton.
  struct Token: Sendable, Equatable {
    /// Of its bytes; two tokens are taken to be equal when kind and hash are.
    let hash: UInt64
    /// Where it stands in the skeleton.
    let start: Int32
    /// The end and the kind: many thousand templates hold a dozen tokens each.
    private let endAndKind: Int32

    init(kind: Kind, start: Int, end: Int, hash: UInt64) {
      self.hash = hash
      self.start = Int32(truncatingIfNeeded: start)
      endAndKind = Int32(truncatingIfNeeded: end << 2 | Int(kind.rawValue))
    }

    /// The index behind it.
    var end: Int32 { endAndKind >> 2 }
    /// What it is.
    var kind: Kind { Kind(rawValue: UInt8(truncatingIfNeeded: endAndKind & 3)) ?? .word }
  }

  /// Whether a byte separates words and is a token of its own: quotes, brackets, `, : ; = # |` and the backtick.
  @inline(__always)
  static func isMark(_ byte: UInt8) -> Bool { simd_byte_class(byte) & SIMD_MARK != 0 }

  /// Whether a field of that name is what a logger was told to write, and no value.
  static func namesMessage(_ name: some Sequence<UInt8>) -> Bool {
    name.elementsEqual("msg".utf8) || name.elementsEqual("message".utf8)
  }

  /// Whether a byte at the end of a word is punctuation of the sentence.
  @inline(__always)
  static func isSentenceEnd(_ byte: UInt8) -> Bool {
    byte == ASCII.dot || byte == 0x21 || byte == 0x3F
  }

  /// The index behind the word, prefixed value, mark or row of dots that begins at `start`, where no blank and no wildcard stands.
  static func tokenEnd(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> (end: Int, kind: Kind) {
    let first = bytes[start]
    if isMark(first) { return (start + 1, .mark) }
    if first == ASCII.dot, start + 1 < bytes.count, bytes[start + 1] == ASCII.dot {
      var end = start + 2
      while end < bytes.count, bytes[end] == ASCII.dot { end += 1 }
      return (end, .mark)
    }
    var end = start + 1
    while end < bytes.count {
      let byte = bytes[end]
      if ASCII.isLetter(byte) || ASCII.isDigit(byte) {
        end += 1
        continue
      }
      if endsWord(bytes, end) { break }
      end += 1
    }
    var trimmed = end
    while trimmed > start + 1, isSentenceEnd(bytes[trimmed - 1]) { trimmed -= 1 }
    // What is nothing but sentence ends stays together.
    if isSentenceEnd(bytes[trimmed - 1]) { return (end, .mark) }
    let isPrefix = trimmed == end && end < bytes.count && bytes[end] == wildcard
    return isPrefix ? (end + 1, .prefixed) : (trimmed, .word)
  }

  /// Whether the byte at `index`, which is neither a letter nor a digit, ends the word before it.
  @inline(__always)
  static func endsWord(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Bool {
    let byte = bytes[index]
    let kind = simd_byte_class(byte)
    if kind & SIMD_MARK != 0 { return !isInnerApostrophe(bytes, index) }
    return kind & SIMD_SPACE != 0 || byte == wildcard
      || byte == ASCII.dot && index + 1 < bytes.count && bytes[index + 1] == ASCII.dot
  }

  /// Whether the mark at `index` is the apostrophe of a word such as "can't".
  @inline(__always)
  private static func isInnerApostrophe(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Bool {
    bytes[index] == ASCII.apostrophe && ASCII.isLetter(bytes[index - 1])
      && index + 1 < bytes.count && ASCII.isLetter(bytes[index + 1])
      && (index + 2 == bytes.count || !ASCII.isLetter(bytes[index + 2]))
  }

  /// The tokens of a skeleton.
  static func tokens(of skeleton: UnsafeRawBufferPointer) -> [Token] {
    var tokens: [Token] = []
    tokens.reserveCapacity(min(skeleton.count, 16))
    var index = 0
    while index < skeleton.count {
      let byte = skeleton[index]
      if ASCII.isSpace(byte) {
        index += 1
        continue
      }
      let start = index
      let kind: Kind
      if byte == wildcard {
        (index, kind) = (index + 1, .wildcard)
      } else {
        (index, kind) = tokenEnd(skeleton, index)
      }
      tokens.append(
        Token(
          kind: kind, start: start, end: index,
          hash: hash(UnsafeRawBufferPointer(rebasing: skeleton[start..<index]))))
    }
    return tokens
  }

  /// A hash that is the same in every process: multiply and fold, eight bytes at a time.
  static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0x9E37_79B9_7F4A_7C15) -> UInt64
  {
    var state = seed ^ UInt64(truncatingIfNeeded: bytes.count)
    guard bytes.count >= 8 else {
      var tail: UInt64 = 0
      for byte in bytes { tail = tail << 8 | UInt64(byte) }
      return mix(state ^ tail)
    }
    var index = 0
    while index + 8 <= bytes.count {
      state = mix(state ^ word(bytes, index))
      index += 8
    }
    // The last eight bytes, some of them once more.
    return mix(state ^ word(bytes, bytes.count - 8))
  }

  @inline(__always)
  private static func word(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
  }

  @inline(__always)
  static func mix(_ value: UInt64) -> UInt64 {
    let product = (value ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    return product.high ^ product.low
  }

  /// The text of a template, `<*>` for every wildcard.
  static func text(_ skeleton: [UInt8]) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(skeleton.count + 16)
    for byte in skeleton {
      if byte == wildcard { bytes += [0x3C, 0x2A, 0x3E] } else { bytes.append(byte) }
    }
    return ByteText.string(bytes)
  }
}
