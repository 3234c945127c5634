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
    var kind: Kind
    /// Where it stands in the skeleton.
    var start: Int32
    var end: Int32
    /// Of its bytes; two tokens are taken to be equal when kind and hash are.
    var hash: UInt64
  }

  private static let lowMarks: UInt64 =
    1 << 0x22 | 1 << 0x23 | 1 << 0x27 | 1 << 0x28 | 1 << 0x29 | 1 << 0x2C | 1 << 0x3A | 1 << 0x3B
    | 1 << 0x3C | 1 << 0x3D | 1 << 0x3E
  private static let highMarks: UInt64 =
    1 << (0x5B - 64) | 1 << (0x5D - 64) | 1 << (0x60 - 64) | 1 << (0x7B - 64) | 1 << (0x7C - 64)
    | 1 << (0x7D - 64)

  /// Whether a byte separates words and is a token of its own: quotes, brackets, `, : ; = # |` and the backtick.
  @inline(__always)
  static func isMark(_ byte: UInt8) -> Bool {
    byte < 64
      ? lowMarks >> UInt64(byte) & 1 != 0 : byte < 128 && highMarks >> UInt64(byte & 63) & 1 != 0
  }

  /// Whether a byte ends a word of letters whatever follows: a blank, or a mark that is neither a colon nor an apostrophe.
  @inline(__always)
  static func endsPlainWord(_ byte: UInt8) -> Bool {
    ASCII.isSpace(byte) || isMark(byte) && byte != ASCII.colon && byte != ASCII.apostrophe
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
      if ASCII.isSpace(byte) || byte == wildcard { break }
      if isMark(byte), !isInnerApostrophe(bytes, end) { break }
      if byte == ASCII.dot, end + 1 < bytes.count, bytes[end + 1] == ASCII.dot { break }
      end += 1
    }
    var trimmed = end
    while trimmed > start + 1, isSentenceEnd(bytes[trimmed - 1]) { trimmed -= 1 }
    // What is nothing but sentence ends stays together.
    if isSentenceEnd(bytes[trimmed - 1]) { return (end, .mark) }
    let isPrefix = trimmed == end && end < bytes.count && bytes[end] == wildcard
    return isPrefix ? (end + 1, .prefixed) : (trimmed, .word)
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
          kind: kind, start: Int32(truncatingIfNeeded: start),
          end: Int32(truncatingIfNeeded: index),
          hash: hash(UnsafeRawBufferPointer(rebasing: skeleton[start..<index]))))
    }
    return tokens
  }

  /// A hash that is the same in every process: multiply and fold, eight bytes at a time.
  static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0x9E37_79B9_7F4A_7C15) -> UInt64
  {
    var state = seed ^ UInt64(truncatingIfNeeded: bytes.count)
    var index = 0
    while index + 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      state = mix(state ^ UInt64(littleEndian: word))
      index += 8
    }
    var tail: UInt64 = 0
    while index < bytes.count {
      tail = tail << 8 | UInt64(bytes[index])
      index += 1
    }
    return mix(state ^ tail)
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
