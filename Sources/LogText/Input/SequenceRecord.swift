/// One session of a sequence file.
public struct SequenceRecord: Sendable, Equatable {
  /// The session's id, byte for byte; nil when the line has none.
  public var id: [UInt8]?
  /// The events in order, each 0 or greater.
  public var events: [Int32]
  /// 1-based number of the line.
  public var line: UInt64

  public init(id: [UInt8]?, events: [Int32], line: UInt64) {
    self.id = id
    self.events = events
    self.line = line
  }

  /// Reads `id,5 5 22 11` or `5 5 22`; a comma with nothing behind it is a session without events.
  ///
  /// The id reaches to the last comma. Blanks around the numbers and a carriage return at the end are passed over.
  ///
  /// - Parameter path: names the source in errors.
  /// - Throws: `malformedSequence` or `eventOutOfRange`.
  public static func parse(_ bytes: UnsafeRawBufferPointer, line: UInt64, path: String)
    throws(LogTextError) -> SequenceRecord
  {
    guard let parts = split(bytes) else {
      throw .malformedSequence(path: path, line: line, found: ByteText.excerpt(bytes))
    }
    var events: [Int32] = []
    let list = parts.events
    var index = 0
    while index < list.count {
      if ASCII.isSpace(list[index]) {
        index += 1
        continue
      }
      let start = index
      while index < list.count, !ASCII.isSpace(list[index]) { index += 1 }
      events.append(try event(UnsafeRawBufferPointer(rebasing: list[start..<index]), line, path))
    }
    return SequenceRecord(id: parts.id.map { Array($0) }, events: events, line: line)
  }

  /// Parts a line at its last comma; nil for an empty line or one without comma that holds no number.
  static func split(_ bytes: UnsafeRawBufferPointer)
    -> (id: UnsafeRawBufferPointer?, events: UnsafeRawBufferPointer)?
  {
    if let comma = bytes.lastIndex(of: ASCII.comma) {
      return (
        UnsafeRawBufferPointer(rebasing: bytes[..<comma]),
        UnsafeRawBufferPointer(rebasing: bytes[(comma + 1)...])
      )
    }
    guard let first = bytes.first(where: { !ASCII.isSpace($0) }),
      ASCII.isDigit(first) || first == ASCII.minus
    else { return nil }
    return (nil, bytes)
  }

  private static func event(_ digits: UnsafeRawBufferPointer, _ line: UInt64, _ path: String)
    throws(LogTextError) -> Int32
  {
    let isNegative = digits.first == ASCII.minus
    let unsigned = isNegative ? UnsafeRawBufferPointer(rebasing: digits[1...]) : digits
    guard !unsigned.isEmpty, unsigned.allSatisfy({ ASCII.isDigit($0) }) else {
      throw .malformedSequence(path: path, line: line, found: ByteText.excerpt(digits))
    }
    var value: Int32 = 0
    for digit in unsigned {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int32(digit &- ASCII.zero))
      if overflow || carry || isNegative {
        throw .eventOutOfRange(path: path, line: line, found: ByteText.excerpt(digits))
      }
      value = sum
    }
    return value
  }
}
