/// Bytes of a log as text that can be printed.
public enum ByteText {
  /// The bytes as valid UTF-8, each invalid sequence replaced by U+FFFD.
  public static func string(_ bytes: UnsafeRawBufferPointer) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// The bytes as valid UTF-8, each invalid sequence replaced by U+FFFD.
  public static func string(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// The first bytes for a message: at most `limit` of them, control characters as spaces, an ellipsis where cut.
  static func excerpt(_ bytes: UnsafeRawBufferPointer, limit: Int = 60) -> String {
    let head = bytes.prefix(limit).map { $0 < ASCII.space || $0 == 0x7F ? ASCII.space : $0 }
    return String(decoding: head, as: UTF8.self) + (bytes.count > limit ? "…" : "")
  }

  /// The bytes as valid UTF-8 from which ``bytes(unescaping:)`` restores them exactly.
  ///
  /// A backslash becomes `\\`; control characters and bytes that are not part of valid UTF-8 become `\xHH`.
  static func escaped(_ bytes: [UInt8]) -> String {
    var text = String(decoding: bytes, as: UTF8.self)
    // Almost every pattern is valid and plain: only the others pay for the slow way.
    let plain = bytes.allSatisfy { $0 >= ASCII.space && $0 != 0x7F && $0 != ASCII.backslash }
    if plain, Array(text.utf8) == bytes { return text }
    text = ""
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let length = utf8Length(bytes, at: index)
      if byte == ASCII.backslash {
        text += "\\\\"
      } else if byte >= ASCII.space, byte != 0x7F, length > 0 {
        text += String(decoding: bytes[index..<(index + length)], as: UTF8.self)
      } else {
        let hex = String(byte, radix: 16)
        text += hex.utf8.count == 1 ? "\\x0\(hex)" : "\\x\(hex)"
      }
      index += max(length, 1)
    }
    return text
  }

  /// The bytes that ``escaped(_:)`` wrote; nil when the text is not of its making.
  static func bytes(unescaping text: String) -> [UInt8]? {
    let source = Array(text.utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(source.count)
    var index = 0
    while index < source.count {
      guard source[index] == ASCII.backslash else {
        bytes.append(source[index])
        index += 1
        continue
      }
      guard index + 1 < source.count else { return nil }
      if source[index + 1] == ASCII.backslash {
        bytes.append(ASCII.backslash)
        index += 2
        continue
      }
      guard source[index + 1] == 0x78, index + 3 < source.count,
        let byte = UInt8(
          String(decoding: source[(index + 2)...(index + 3)], as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(byte)
      index += 4
    }
    return bytes
  }

  /// Length of the valid UTF-8 sequence at `index`; 0 where there is none.
  private static func utf8Length(_ bytes: [UInt8], at index: Int) -> Int {
    let lead = bytes[index]
    let length =
      lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0
    guard length > 0, index + length <= bytes.count else { return 0 }
    let slice = Array(bytes[index..<(index + length)])
    return Array(String(decoding: slice, as: UTF8.self).utf8) == slice ? length : 0
  }
}
