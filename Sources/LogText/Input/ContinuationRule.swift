/// Tells the lines that go on with a record (stack traces, statements over several lines) from those that begin one.
///
/// A line goes on when it is indented, when it is of the form of a stack trace, or when it lacks the time with which the records of
/// its source begin. A line with the header always begins a record.
struct ContinuationRule {
  /// Lines and bytes of one record at most; what comes behind is a record of its own.
  static let longestRecord = (lines: 512 as UInt64, bytes: 1 << 16)

  /// The records of the log begin with a time.
  private let headersHaveTime: Bool
  /// A line of this source had the header.
  private var sawHeader = false
  /// The line before was part of a record that may go on.
  private var mayGoOn = false

  init(header: HeaderRecogniser?) { headersHaveTime = header?.hasTime ?? false }

  /// Whether a line goes on with the record before it.
  mutating func goesOn(_ line: UnsafeRawBufferPointer, hasHeader: Bool) -> Bool {
    guard let first = line.first else {
      mayGoOn = false
      return false
    }
    if hasHeader, headersHaveTime {
      sawHeader = true
      mayGoOn = true
      return false
    }
    let isIndented = ASCII.isSpace(first)
    if isIndented, !line.contains(where: { !ASCII.isSpace($0) }) {
      mayGoOn = false
      return false
    }
    if mayGoOn {
      if isIndented || Self.isStackLine(line) { return true }
      if sawHeader, !TimestampPattern.begins(line) { return true }
    }
    // An indented line that follows nothing is an ordinary line of an indented log.
    mayGoOn = !isIndented
    return false
  }

  /// The record at hand has reached its limit.
  mutating func stop() { mayGoOn = false }

  /// Whether a line that goes on says something of its own: an exception or its cause, not where it passed.
  static func speaks(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let first = line.first, !ASCII.isSpace(first) else { return false }
    return !begins(line, with: "at ") && !begins(line, with: "... ")
      && !begins(line, with: "Traceback (most recent call last)")
      && line.contains { ASCII.isLetter($0) }
  }

  private static func isStackLine(_ line: UnsafeRawBufferPointer) -> Bool {
    if begins(line, with: "at ") { return line.contains(ASCII.dot) && line.contains(0x28) }
    return begins(line, with: "Caused by: ") || begins(line, with: "Suppressed: ")
      || begins(line, with: "... ") && line.count < 40
      || begins(line, with: "Traceback (most recent call last)")
  }

  private static func begins(_ line: UnsafeRawBufferPointer, with text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard line.count >= count else { return false }
    let wanted = UnsafeRawBufferPointer(start: text.utf8Start, count: count)
    return line[..<count].elementsEqual(wanted)
  }
}
