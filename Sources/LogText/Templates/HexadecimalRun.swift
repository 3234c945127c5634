/// Tells hexadecimal numbers that happen to hold few digits from words of the letters a to f.
///
/// Of random numbers of eight digits one in 2,500 has letters only, of six digits one in 360; and no English word of eight letters or more
/// that logs hold is made of these letters.
enum HexadecimalRun {
  /// Letters from which on no word is made of a to f.
  static let telling = 8
  /// Digits and letters behind a prefix from which on all words of a to f are known.
  private static let prefixed = 6

  /// Whether a run of bytes is a number.
  ///
  /// - Parameter isPrefixed: a prefix and a separator stand before it, as in `tx-` and what follows it.
  @inline(__always)
  static func isNumber(
    _ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int, isPrefixed: Bool
  ) -> Bool {
    let count = end - start
    guard count >= (isPrefixed ? prefixed : telling), ASCII.isHexDigit(line[start]) else {
      return false
    }
    return isNumber(UnsafeRawBufferPointer(rebasing: line[start..<end]))
  }

  private static func isNumber(_ run: UnsafeRawBufferPointer) -> Bool {
    var (digits, capitals, packed) = (0, 0, UInt64(0))
    for byte in run {
      guard ASCII.isHexDigit(byte) else { return false }
      if ASCII.isDigit(byte) { digits += 1 }
      if ASCII.isUppercase(byte) { capitals += 1 }
      packed = packed << 8 | UInt64(ASCII.lowercased(byte))
    }
    if digits > 0 { return digits < run.count }
    guard capitals == 0 || capitals == run.count else { return false }
    return run.count >= telling || !words.contains(packed)
  }

  /// The English words of six and seven letters from a to f.
  private static let words: Set<UInt64> = {
    let words = [
      "accede", "acceded", "beaded", "bedded", "beefed", "cabbed", "dabbed", "deaded", "decade",
      "deeded", "deface", "defaced", "efface", "effaced", "facade",
    ]
    return Set(words.map { $0.utf8.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } })
  }()
}
