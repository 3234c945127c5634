/// One way of writing a point in time, as a short text of its own.
///
/// In the text `y` is a year of four digits, `Y` of two, `M` a month as digits, `N` as an English abbreviation, `d` the day, `E` the
/// weekday, `H`, `m` and `s` hour, minute and second, `k` and `c` minute and second without their zeros, `f` an optional fraction behind `.`, `,` or `:`, `z` an optional zone (`Z`,
/// `+01:00`, `-0700`), `Z` a zone's abbreviation, `x` seconds, `X` milliseconds, `i` microseconds and `n` nanoseconds since 1970, `u` seconds since the machine
/// started. A blank stands for one or more; anything else for itself. Without a zone the time is read as UTC; ``TimeLack`` says
/// where it lies without a year or a date.
public struct TimestampPattern: Sendable, Hashable {
  /// Bytes that a pattern's text has at most: it is held in place, for it is read for every line.
  static let longest = 32

  private var operations = SIMD32<UInt8>()
  private var count = 0

  /// Takes a pattern as described above; what is longer than ``longest`` is cut off.
  public init(_ text: String) {
    for byte in text.utf8.prefix(Self.longest) {
      operations[count] = byte
      count += 1
    }
  }

  /// The pattern's text.
  public var text: String { String(decoding: letters, as: UTF8.self) }

  private var letters: [UInt8] { (0..<count).map { operations[$0] } }

  /// Whether the pattern fixes the day, month and year.
  var isComplete: Bool {
    letters.contains { [0x79, 0x59, 0x78, 0x58, 0x69, 0x6E].contains($0) }
  }

  /// Whether the pattern can hold parts of a second.
  var isFine: Bool { letters.contains { [0x66, 0x58, 0x69, 0x6E, 0x75].contains($0) } }

  /// Reads a time that begins at `start`.
  ///
  /// - Returns: the milliseconds since 1970 (``TimeLack`` where it names no date or year) and the index behind the text, or nil when it is of another form.
  func match(_ bytes: UnsafeRawBufferPointer, at start: Int) -> (milliseconds: Int64, end: Int)? {
    var reader = DigitReader(bytes: bytes, index: start)
    var time = TimeParts()
    for index in 0..<count {
      guard time.read(operations[index], from: &reader) else { return nil }
    }
    guard let value = time.milliseconds else { return nil }
    return (value, reader.index)
  }

  /// The time that a field as a whole is, in any known form; a bare number is seconds, milliseconds, microseconds or nanoseconds since 1970, by its length.
  public static func milliseconds(of field: [UInt8]) -> Int64? {
    field.withUnsafeBytes { bytes in
      for pattern in known {
        if let (value, end) = pattern.match(bytes, at: 0), end == bytes.count { return value }
      }
      return nil
    }
  }

  /// Whether a line begins with a time of any known form, bare or in brackets.
  static func begins(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let first = line.first else { return false }
    let isBracket = first == ASCII.leftBracket || first == ASCII.leftParenthesis
    return known.contains { $0.match(line, at: isBracket ? 1 : 0) != nil }
  }

  /// Forms in use, those that say more before those that would read only a part of the same text.
  static let known: [TimestampPattern] = [
    "y-M-dTH:m:sfz", "y-M-d H:m:sf z", "y-M-d H:m:sfz", "y/M/d H:m:sfz", "y.M.d H:m:sfz",
    "y-M-d-H.m.sf", "y-M-d_H:m:sf", "yMdTHmsfz", "yMd-H:k:cf", "yMd H:m:sf", "yMd Hms",
    "d/N/y:H:m:s z", "d/N/y H:m:sf", "d N y H:m:sf", "d-N-y H:m:sf", "d.M.y H:m:sf",
    "E N d H:m:sf y", "E N d H:m:sf Z y", "E, d N y H:m:s z", "N d y H:m:sf", "N d, y H:m:sf",
    "N d H:m:sf", "Y/M/d H:m:sf", "Y-M-d H:m:sf", "YMd Hms", "YMd H:m:sf",
    "M-d H:m:sf", "M/d H:m:sf", "M.d H:m:sf", "H:m:sf", "n", "i", "X", "x", "u",
  ].map { TimestampPattern($0) }
}
