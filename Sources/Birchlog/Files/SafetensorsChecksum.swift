import CZlib

/// The checksum of a container whose own digits lie inside what they cover.
struct SafetensorsChecksum {
  /// The metadata key of the digits.
  static let key = "crc32"
  /// The digits as they count for themselves.
  static let blank = "00000000"

  /// Where the eight digits stand in the file.
  let digits: Range<Int>
  /// What they have to be: lower-case hexadecimal.
  let text: String

  /// Computes the checksum of a file; nil when its header has no place for one.
  ///
  /// The place is behind the first `"crc32":"` of the header. Inside another text the quotes would
  /// be escaped, so nothing else looks like it.
  init?(_ bytes: [UInt8], header: Range<Int>) {
    let needle = Array("\"\(Self.key)\":\"".utf8)
    let found = header.first { start in
      bytes[start] == needle[0] && bytes[start..<header.upperBound].starts(with: needle)
    }
    guard let found, found + needle.count + Self.blank.utf8.count <= header.upperBound else {
      return nil
    }
    let start = found + needle.count
    digits = start..<(start + Self.blank.utf8.count)
    var value: UInt = 0
    for part in [bytes[..<start], Array(Self.blank.utf8)[...], bytes[digits.upperBound...]] {
      value = Self.extend(value, by: part)
    }
    let significant = String(UInt32(truncatingIfNeeded: value), radix: 16)
    text = Self.blank.dropFirst(significant.utf8.count) + significant
  }

  private static func extend(_ value: UInt, by bytes: ArraySlice<UInt8>) -> UInt {
    // For a null pointer zlib would begin anew.
    bytes.isEmpty
      ? value : bytes.withUnsafeBufferPointer { crc32_z(value, $0.baseAddress, $0.count) }
  }
}
