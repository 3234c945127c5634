import SIMDKernels

extension HeaderElement {
  /// What an element took of a line.
  struct Match {
    /// Index behind the element and the blanks and separators that follow it.
    var end: Int
    /// Milliseconds since 1970, for times.
    var time: Int64?
  }

  /// Reads the element at `start`, where no blank stands; nil when something else is there.
  func match(_ line: UnsafeRawBufferPointer, at start: Int) -> Match? {
    guard start < line.count else { return nil }
    switch self {
    case .timestamp(let pattern): return Self.matchTime(pattern, line, start)
    case .timeField(let pattern):
      guard let value = Self.valueStart(line, start, of: Self.timeNames) else { return nil }
      return Self.matchTime(pattern, line, value)
    case .timeAmongFields(let pattern): return Self.matchTimeAmongFields(pattern, line, start)
    case .level: return Self.matchLevel(line, start)
    case .bracketed: return Self.matchBracketed(line, start)
    case .number: return Self.matchNumber(line, start)
    case .dash: return Self.matchDash(line, start)
    case .component: return Self.matchComponent(line, start)
    case .title: return Self.matchTitle(line, start)
    case .padded:
      let end = Self.wordEnd(line, start)
      let next = Self.skipBlanks(line, end)
      return next >= end + 2 && next < line.count ? Match(end: next) : nil
    case .field:
      let end = Self.wordEnd(line, start)
      return Match(end: Self.skipBlanks(line, end))
    case .column:
      guard let bar = line[start...].firstIndex(of: ASCII.bar) else { return nil }
      return Match(end: Self.skipBlanks(line, bar + 1))
    }
  }

  private static let timeNames: [StaticString] = ["time=", "ts=", "t=", "timestamp="]
  /// Fields that loggers write before the time.
  static let namesBeforeTime: [StaticString] = ["level=", "lvl=", "severity=", "logger="]

  /// Where the value of a field begins whose name and equals sign stand at `start`; nil where it is none of these.
  static func valueStart(
    _ line: UnsafeRawBufferPointer, _ start: Int, of names: [StaticString]
  ) -> Int? {
    for name in names {
      let end = start + name.utf8CodeUnitCount
      let text = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
      if end < line.count, line[start..<end].elementsEqual(text) { return end }
    }
    return nil
  }

  /// The time of a field behind a blank outside of quotes; it takes nothing of the line.
  private static func matchTimeAmongFields(
    _ pattern: TimestampPattern, _ line: UnsafeRawBufferPointer, _ start: Int
  ) -> Match? {
    var isQuoted = false
    var index = start
    while index < line.count {
      let byte = line[index]
      if isQuoted, byte == ASCII.backslash {
        index += 1
      } else if byte == ASCII.quote {
        isQuoted.toggle()
      } else if !isQuoted, ASCII.isSpace(byte),
        let value = valueStart(line, index + 1, of: timeNames),
        let match = matchTime(pattern, line, value)
      {
        return Match(end: start, time: match.time)
      }
      index += 1
    }
    return nil
  }

  static func skipBlanks(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var index = start
    while index < line.count, ASCII.isSpace(line[index]) { index += 1 }
    return index
  }

  static func wordEnd(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var index = start
    while index < line.count, simd_byte_class(line[index]) & SIMD_SPACE == 0 { index += 1 }
    return index
  }

  private static func closing(_ byte: UInt8) -> UInt8? {
    switch byte {
    case ASCII.leftBracket: ASCII.rightBracket
    case ASCII.leftParenthesis: ASCII.rightParenthesis
    case ASCII.less: ASCII.greater
    case ASCII.quote: ASCII.quote
    default: nil
    }
  }

  @inline(__always)
  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == ASCII.comma || byte == ASCII.colon || byte == ASCII.bar
  }

  private static func matchTime(
    _ pattern: TimestampPattern, _ line: UnsafeRawBufferPointer, _ start: Int
  ) -> Match? {
    let bracket = closing(line[start])
    var inner = bracket == nil ? start : start + 1
    if bracket != nil { inner = skipBlanks(line, inner) }
    guard let (time, last) = pattern.match(line, at: inner) else { return nil }
    var end = last
    if let bracket {
      guard end < line.count, line[end] == bracket else { return nil }
      end += 1
    }
    if end < line.count, isSeparator(line[end]) || line[end] == 0x3B {
      end += 1
    } else if end < line.count, !ASCII.isSpace(line[end]), bracket == nil {
      return nil
    }
    return Match(end: skipBlanks(line, end), time: time)
  }

  /// The index behind the bytes of a component's name.
  private static func nameEnd(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int {
    guard let base = line.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return start }
    var index = start
    while index < line.count {
      // Most bytes of a name are letters, which are passed over sixteen at a time.
      if index + 16 <= line.count {
        let others = ~simd_letters(base + index) & 0xFFFF
        guard others != 0 else {
          index += 16
          continue
        }
        index += others.trailingZeroBitCount
      }
      guard simd_byte_class(line[index]) & SIMD_NAME != 0 else { break }
      index += 1
    }
    return index
  }

  private static func matchNumber(_ line: UnsafeRawBufferPointer, _ start: Int) -> Match? {
    var end = start
    while end < line.count, ASCII.isDigit(line[end]) { end += 1 }
    guard end > start else { return nil }
    if end < line.count, line[end] == ASCII.bar || line[end] == ASCII.colon {
      end += 1
    } else if end < line.count, !ASCII.isSpace(line[end]) {
      return nil
    }
    return Match(end: skipBlanks(line, end))
  }

  private static func matchDash(_ line: UnsafeRawBufferPointer, _ start: Int) -> Match? {
    let end = wordEnd(line, start)
    let mark = line[start]
    guard mark == ASCII.minus || mark == ASCII.bar || mark == ASCII.colon else { return nil }
    guard end - start <= 3, line[start..<end].allSatisfy({ $0 == mark }) else { return nil }
    return Match(end: skipBlanks(line, end))
  }

  private static func matchTitle(_ line: UnsafeRawBufferPointer, _ start: Int) -> Match? {
    var index = start
    for word in 0..<4 {
      let end = wordEnd(line, index)
      if word > 0, end == index + 1, line[index] == ASCII.minus {
        let next = skipBlanks(line, end)
        return next < line.count ? Match(end: next) : nil
      }
      index = skipBlanks(line, end)
      guard index < line.count else { return nil }
    }
    return nil
  }

  private static func matchBracketed(_ line: UnsafeRawBufferPointer, _ start: Int) -> Match? {
    guard let close = closing(line[start]), close != ASCII.quote else { return nil }
    let open = line[start]
    var depth = 0
    var index = start
    while index < line.count {
      if line[index] == open { depth += 1 }
      if line[index] == close { depth -= 1 }
      index += 1
      if depth == 0 { break }
    }
    guard depth == 0 else { return nil }
    if index < line.count, line[index] == ASCII.colon { index += 1 }
    guard index == line.count || ASCII.isSpace(line[index]) else { return nil }
    return Match(end: skipBlanks(line, index))
  }

  private static func matchLevel(_ line: UnsafeRawBufferPointer, _ start: Int) -> Match? {
    let bracket = closing(line[start])
    let first = bracket == nil ? start : start + 1
    var last = first
    while last < line.count, ASCII.isLetter(line[last]) { last += 1 }
    guard isLevel(line, first..<last) else { return nil }
    var end = last
    if let bracket {
      end = skipBlanks(line, end)
      guard end < line.count, line[end] == bracket else { return nil }
      end += 1
    }
    if end < line.count, isSeparator(line[end]) {
      end += 1
    } else if end < line.count, !ASCII.isSpace(line[end]) {
      return nil
    }
    return Match(end: skipBlanks(line, end))
  }

  private static func isLevel(_ line: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
    // A single letter is a level only in capitals, and only those that loggers use.
    if range.count == 1 {
      return "VDIWEFTC".utf8.contains(line[range.lowerBound])
    }
    guard range.count >= 3, range.count <= 11 else { return false }
    // The first eight letters, small, and those behind them.
    var (head, tail) = (UInt64(0), UInt64(0))
    for index in range.prefix(8) { head = head << 8 | UInt64(line[index] | 0x20) }
    for index in range.dropFirst(8) { tail = tail << 8 | UInt64(line[index] | 0x20) }
    switch (head, tail) {
    // info, warn, error, debug, trace, err
    case (0x696E_666F, 0), (0x7761_726E, 0), (0x65_7272_6F72, 0), (0x64_6562_7567, 0),
      (0x74_7261_6365, 0), (0x65_7272, 0),
      // warning, notice, fatal, severe, critical, crit
      (0x77_6172_6E69_6E67, 0), (0x6E6F_7469_6365, 0), (0x66_6174_616C, 0),
      (0x7365_7665_7265, 0), (0x6372_6974_6963_616C, 0), (0x6372_6974, 0),
      // alert, emerg, emergency, failure, panic, verbose, information
      (0x61_6C65_7274, 0), (0x65_6D65_7267, 0), (0x656D_6572_6765_6E63, 0x79),
      (0x66_6169_6C75_7265, 0), (0x70_616E_6963, 0), (0x76_6572_626F_7365, 0),
      (0x696E_666F_726D_6174, 0x69_6F6E),
      // fine, finer, finest, config, audit
      (0x6669_6E65, 0), (0x66_696E_6572, 0), (0x6669_6E65_7374, 0), (0x636F_6E66_6967, 0),
      (0x61_7564_6974, 0):
      return true
    default: return false
    }
  }

  /// A component: words of name characters up to a colon followed by a blank or the end.
  ///
  /// `sshd(pam_unix)[19939]:` is one word; before a process in brackets the name may have several (`Some Helper[12]:`), and behind
  /// the name there may be a version (`syslogd 1.4.1:`) or a client in parentheses (`sandboxd[129] ([31211]):`).
  private static func matchComponent(_ line: UnsafeRawBufferPointer, _ start: Int) -> Match? {
    var wordStart = start
    for word in 0..<4 {
      let end = nameEnd(line, wordStart)
      guard end > wordStart, end - wordStart <= 120, end == line.count || ASCII.isSpace(line[end])
      else { return nil }
      if line[end - 1] == ASCII.colon, end - start > 1 {
        let isClient =
          word > 0 && line[wordStart] == ASCII.leftParenthesis
          && line[end - 2] == ASCII.rightParenthesis
        let hasProcess =
          isClient || end - wordStart > 2 && line[end - 2] == ASCII.rightBracket
        let isVersion = ASCII.isDigit(line[wordStart])
        return word == 0 || hasProcess || (word == 1 && isVersion)
          ? Match(end: skipBlanks(line, end)) : nil
      }
      let next = skipBlanks(line, end)
      // "name : text" keeps its colon apart.
      if next + 1 < line.count, line[next] == ASCII.colon, ASCII.isSpace(line[next + 1]) {
        return word == 0 ? Match(end: skipBlanks(line, next + 1)) : nil
      }
      guard next < line.count else { return nil }
      wordStart = next
    }
    return nil
  }
}
