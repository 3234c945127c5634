import SIMDKernels

/// What the bytes of a word, free of blanks and marks, say about it: constant text or a value.
struct WordForm {
  /// How a word enters the skeleton.
  enum Reading {
    case constant
    case masked(ParameterType)
    /// So many bytes are constant, the rest is a value: `blk_` of `blk_-123`.
    case prefixed(Int)
  }

  private var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
  /// The index behind the word: of the same token as ``Skeleton/tokenEnd(_:_:)`` finds.
  private(set) var end = 0
  /// Whether the wildcard's byte stands behind the word.
  private(set) var isBeforeWildcard = false
  private var digits = 0
  private var letters = 0
  private var slashes = 0
  private var dots = 0
  /// Index of the first `_`, `-` or `@`; -1 for none.
  private var separator = -1
  private var firstDigit = -1

  /// Reads the word that begins at `start`, where no blank, mark, wildcard or row of dots stands.
  init(_ writer: SkeletonWriter, _ start: Int) {
    let line = writer.line
    var end = -1
    var block = start
    while end < 0 {
      var letterMask = simd_letters(writer.pointer(block))
      var digitMask = simd_digits(writer.pointer(block))
      // Only what is neither is looked at by itself.
      var others = ~(letterMask | digitMask) & 0xFFFF
      while others != 0 {
        let offset = others.trailingZeroBitCount
        let index = block + offset
        if index >= line.count || index > start && Skeleton.endsWord(line, index) {
          end = index
          letterMask &= (1 << UInt32(offset)) &- 1
          digitMask &= (1 << UInt32(offset)) &- 1
          break
        }
        note(line, start, index)
        others &= others - 1
      }
      if firstDigit < 0, digitMask != 0 {
        firstDigit = block - start + digitMask.trailingZeroBitCount
      }
      letters += letterMask.nonzeroBitCount
      digits += digitMask.nonzeroBitCount
      block += 16
    }
    isBeforeWildcard =
      end < line.count && line[end] == Skeleton.wildcard && !Skeleton.isSentenceEnd(line[end - 1])
    while end > start + 1, Skeleton.isSentenceEnd(line[end - 1]) {
      end -= 1
      if line[end] == ASCII.dot { dots -= 1 }
    }
    self.end = end
    bytes = UnsafeRawBufferPointer(rebasing: line[start..<end])
  }

  @inline(__always)
  private mutating func note(_ line: UnsafeRawBufferPointer, _ start: Int, _ index: Int) {
    switch line[index] {
    case ASCII.slash: slashes += 1
    case ASCII.dot: dots += 1
    case ASCII.underscore, ASCII.minus:
      if separator < 0 { separator = index - start }
    case ASCII.at:
      if separator < 0 || line[start + separator] != ASCII.at { separator = index - start }
    default: break
    }
  }

  /// Whether the word can be the scheme of a URL.
  var isScheme: Bool { letters >= 2 && slashes == 0 && ASCII.isLetter(bytes[0]) }

  var reading: Reading {
    if digits == 0 {
      // Stars stand for a value that could not be read or is not to be seen.
      if bytes.count >= 3, bytes.allSatisfy({ $0 == ASCII.asterisk }) {
        return .masked(.identifier)
      }
      if isBoolean { return .masked(.boolean) }
      if slashes >= 2 || slashes == 1 && bytes[0] == ASCII.tilde { return .masked(.path) }
      if isHostName { return .masked(.host) }
      guard let start = hexadecimalRun else { return .constant }
      if letters == bytes.count { return .masked(.hexadecimal) }
      return identifier(from: start)
    }
    if let type = numberType { return .masked(type) }
    if isHostName { return .masked(.host) }
    if slashes >= 2 { return .masked(.path) }
    if digits + letters == bytes.count, bytes.count >= 8, bytes.allSatisfy({ ASCII.isHexDigit($0) })
    {
      return .masked(.hexadecimal)
    }
    if isName {
      guard let start = hexadecimalRun else { return .constant }
      return identifier(from: min(start, firstDigit))
    }
    return identifier(from: firstDigit)
  }

  /// A value that shows itself first at an index: a prefix of letters says what the identifier behind it names.
  private func identifier(from index: Int) -> Reading {
    separator >= 2 && index > separator && separator + 1 < bytes.count
      ? .prefixed(separator + 1) : .masked(.identifier)
  }

  private var isBoolean: Bool {
    letters == bytes.count && Self.isBoolean(bytes, 0, bytes.count)
  }

  /// Whether a word is `true` or `false` in any case.
  static func isBoolean(_ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Bool {
    guard end - start == 4 || end - start == 5 else { return false }
    var packed: UInt64 = 0
    for index in start..<end { packed = packed << 8 | UInt64(ASCII.lowercased(line[index])) }
    return packed == 0x7472_7565 || packed == 0x66_616C_7365
  }

  /// A number with its unit; nil for anything else.
  private var numberType: ParameterType? {
    var index = 0
    if bytes[0] == ASCII.minus || bytes[0] == ASCII.plus { index = 1 }
    guard index < bytes.count, ASCII.isDigit(bytes[index]) else { return nil }
    if bytes.count > index + 2, bytes[index] == ASCII.zero, bytes[index + 1] | 0x20 == 0x78 {
      let rest = bytes[(index + 2)...]
      return rest.allSatisfy({ ASCII.isHexDigit($0) }) ? .hexadecimal : nil
    }
    while index < bytes.count, ASCII.isDigit(bytes[index]) || bytes[index] == ASCII.dot {
      index += 1
    }
    let unit = bytes[index...]
    if unit.isEmpty { return .number }
    return Self.unitType(unit)
  }

  static func unitType(_ unit: Slice<UnsafeRawBufferPointer>) -> ParameterType? {
    guard unit.count <= 5 else { return nil }
    var packed: UInt64 = 0
    for byte in unit { packed = packed << 8 | UInt64(ASCII.lowercased(byte)) }
    switch packed {
    // s, m, h, d, ms, us, ns, sec, secs, min, mins, hr, hrs
    case 0x73, 0x6D, 0x68, 0x64, 0x6D73, 0x7573, 0x6E73, 0x73_6563, 0x7365_6373, 0x6D_696E,
      0x6D69_6E73, 0x6872, 0x68_7273:
      return .duration
    // b, k, kb, mb, gb, tb, kib, mib, gib, g, t, bytes
    case 0x62, 0x6B, 0x6B62, 0x6D62, 0x6762, 0x7462, 0x6B_6962, 0x6D_6962, 0x67_6962, 0x67, 0x74,
      0x62_7974_6573:
      return .size
    // %, x, hz, khz, mhz, ghz
    case 0x25, 0x78, 0x687A, 0x6B_687A, 0x6D_687A, 0x67_687A: return .number
    default: return nil
    }
  }

  /// A name that merely holds a digit, such as `jk2_init` or `HttpServer2$Selector`: few digits in one run, after a small letter
  /// and before the rest of the name. Random identifiers rarely look so.
  private var isName: Bool {
    guard digits <= 2, letters >= 5, firstDigit > 0, ASCII.isLowercase(bytes[firstDigit - 1]) else {
      return false
    }
    let next = firstDigit + digits
    guard next + 1 < bytes.count, ASCII.isDigit(bytes[next - 1]) else { return false }
    let byte = bytes[next]
    guard ASCII.isLetter(byte) || [ASCII.dot, ASCII.underscore, 0x24].contains(byte) else {
      return false
    }
    return !bytes.allSatisfy { ASCII.isHexDigit($0) || !ASCII.isLetter($0) }
  }

  /// The index of the first run of letters and digits between separators that is a hexadecimal number although it holds few digits or none.
  private var hexadecimalRun: Int? {
    var start = 0
    while start < bytes.count {
      var end = start
      while end < bytes.count, !Self.isSeparator(bytes[end]) { end += 1 }
      if HexadecimalRun.isNumber(bytes, start, end, isPrefixed: start > 0) { return start }
      start = end + 1
    }
    return nil
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == ASCII.underscore || byte == ASCII.minus || byte == ASCII.slash || byte == ASCII.at
  }

  /// Whether the word is a domain name or an e-mail address, by its last label.
  private var isHostName: Bool {
    guard dots >= 1, slashes == 0, letters > 0 else { return false }
    guard let dot = bytes.lastIndex(of: ASCII.dot), dot > 0 else { return false }
    let last = bytes[(dot + 1)...]
    guard last.count >= 2, last.count <= 6 else { return false }
    // Class names have capitals, host names hardly ever.
    guard separator >= 0 || !bytes.contains(where: { ASCII.isUppercase($0) }) else { return false }
    var packed: UInt64 = 0
    for byte in last { packed = packed << 8 | UInt64(ASCII.lowercased(byte)) }
    if Self.topLevelDomains.contains(packed) { return true }
    // Some are the ends of other names too: three parts are asked for, of which the first is not a package's.
    guard dots >= 2, Self.doubtfulDomains.contains(packed),
      let first = bytes.firstIndex(of: ASCII.dot), let root = Self.packed(bytes[..<first])
    else { return false }
    return !Self.packageRoots.contains(root)
  }

  private static let doubtfulDomains: Set<UInt64> = {
    let names = ["bg", "by", "cy", "ge", "it", "lu", "pl", "rs"]
    return Set(names.map { $0.utf8.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } })
  }()

  /// First parts of qualified names in programs.
  private static let packageRoots: Set<UInt64> = {
    let names = ["com", "org", "net", "edu", "gov", "io", "java", "javax", "scala", "sun"]
    return Set(names.map { $0.utf8.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } })
  }()

  private static func packed(_ bytes: Slice<UnsafeRawBufferPointer>) -> UInt64? {
    guard bytes.count <= 8 else { return nil }
    return bytes.reduce(UInt64(0)) { $0 << 8 | UInt64(ASCII.lowercased($1)) }
  }

  /// Top-level domains that are neither English words nor endings of files and class names.
  private static let topLevelDomains: Set<UInt64> = {
    let names = [
      "com", "net", "org", "edu", "gov", "mil", "int", "info", "biz", "local", "lan", "arpa", "ac",
      "ar", "at", "au", "be", "br", "ca", "ch", "cl", "cn", "cz", "de", "dk", "ee", "es", "eu",
      "fi", "fr", "gr", "hk", "hr", "hu", "ie", "il", "ir", "jp", "kr", "lt", "lv", "mx", "my",
      "nl", "nz", "pe", "ph", "pk", "pt", "ro", "ru", "sa", "se", "sg", "si", "sk", "th", "tr",
      "tw", "ua", "uk", "us", "uy", "ve", "vn", "za",
    ]
    return Set(names.map { $0.utf8.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } })
  }()
}
