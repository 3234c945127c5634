/// Writes gzip members of stored blocks, independently of zlib.
enum Gzip {
  static func member(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    var member: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    var start = 0
    repeat {
      let end = min(start + 65_535, bytes.count)
      let length = UInt16(end - start)
      member.append(end == bytes.count ? 1 : 0)
      member += [
        UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8),
      ]
      member += bytes[start..<end]
      start = end
    } while start < bytes.count
    for value in [crc(bytes), UInt32(bytes.count)] {
      for shift in [0, 8, 16, 24] as [UInt32] { member.append(UInt8(value >> shift & 255)) }
    }
    return member
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }
}
