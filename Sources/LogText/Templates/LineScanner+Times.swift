import SIMDKernels

/// Scanners of dates and times of day inside a line's content.
extension LineScanner {
  /// A date, a time of day, or both, in digits.
  static func timeEnd(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    if let date = dateEnd(line, start) {
      guard date < line.count else { return date }
      let joint = line[date]
      // Between date and time stands a T, a blank, a dash, a dot, a colon or an underscore.
      if [0x54, ASCII.space, ASCII.minus, ASCII.underscore, ASCII.dot, ASCII.colon].contains(joint),
        let time = clockEnd(line, date + 1)
      {
        return time
      }
      return isBoundary(line, date) ? date : nil
    }
    return clockEnd(line, start)
  }

  /// `2005-06-03`, `2005/06/03`, `2005.06.03`, `03/06/2005` or `05/06/03`.
  private static func dateEnd(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    let first = digitsEnd(line, start, most: 5)
    let width = first - start
    guard width == 4 || width == 2, first < line.count else { return nil }
    let mark = line[first]
    guard mark == ASCII.minus || mark == ASCII.slash || mark == ASCII.dot else { return nil }
    // Two digits before dots or dashes are likelier a version or a range.
    guard width == 4 || mark == ASCII.slash else { return nil }
    let second = digitsEnd(line, first + 1, most: 3)
    let month = second - first - 1
    guard month == 2 || month == 1 && width == 4, second < line.count, line[second] == mark else {
      return nil
    }
    let third = digitsEnd(line, second + 1, most: 5)
    let last = third - second - 1
    return last == 2 || last == 1 && month + width < 6 || last == 4 && width == 2 ? third : nil
  }

  /// `15:42:50`, with a fraction and a zone perhaps; hours of one digit are read too.
  private static func clockEnd(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    var index = digitsEnd(line, start, most: 3)
    guard index - start == 1 || index - start == 2, index < line.count else { return nil }
    let mark = line[index]
    guard mark == ASCII.colon || mark == ASCII.dot && start > 0 && line[start - 1] == ASCII.minus
    else { return nil }
    for _ in 0..<2 {
      guard index < line.count, line[index] == mark else { return nil }
      let end = digitsEnd(line, index + 1, most: 3)
      guard end - index == 3 else { return nil }
      index = end
    }
    if index + 1 < line.count, line[index] == ASCII.dot || line[index] == ASCII.comma,
      ASCII.isDigit(line[index + 1])
    {
      index = digitsEnd(line, index + 1, most: 9)
    }
    if index < line.count, line[index] == 0x5A { index += 1 }
    if index + 5 <= line.count, line[index] == ASCII.plus || line[index] == ASCII.minus {
      var zone = digitsEnd(line, index + 1, most: 2)
      if zone < line.count, line[zone] == ASCII.colon { zone += 1 }
      let end = digitsEnd(line, zone, most: 2)
      if end - index >= 5 { index = end }
    }
    guard isBoundary(line, index) else { return nil }
    // A fourth group: an address, not a time.
    if index + 1 < line.count, line[index] == ASCII.colon, ASCII.isHexDigit(line[index + 1]) {
      return nil
    }
    return index
  }

  private static let named: [TimestampPattern] = [
    "E N d H:m:s y", "E N d H:m:s Z y", "E, d N y H:m:s z", "N d y H:m:s", "N d H:m:sf", "N d, y",
  ].map { TimestampPattern($0) }

  /// A time that begins with the name of a weekday or month.
  static func namedTimeEnd(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    // All such names have two small letters behind the capital, and few have more before a blank or comma.
    guard start + 8 <= line.count, ASCII.isLowercase(line[start + 1]),
      ASCII.isLowercase(line[start + 2])
    else { return nil }
    let behind = line[start + 3]
    guard behind == ASCII.space || behind == ASCII.comma else { return nil }
    for pattern in named {
      if let (_, end) = pattern.match(line, at: start), isBoundary(line, end) { return end }
    }
    return nil
  }

  /// Whether a time behind `<` ends: an id in angle brackets that begins like one goes on, such as `<5d3f2a10-7>` and `<5d@a.example.org>`.
  private static func endsDuration(_ line: UnsafeRawBufferPointer, _ end: Int) -> Bool {
    guard end < line.count, line[end] != ASCII.greater else { return end == line.count }
    if simd_byte_class(line[end]) & SIMD_PLAIN_END != 0 { return true }
    return line[end] == ASCII.dot && (end + 1 == line.count || ASCII.isSpace(line[end + 1]))
  }

  /// Minutes and seconds, `00:41`, or a time that was too short to count, `<1 sec`.
  static func durationEnd(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    if line[start] == ASCII.less {
      let digits = digitsEnd(line, start + 1, most: 6)
      guard digits > start + 1, digits < line.count else { return nil }
      let unit = line[digits] == ASCII.space ? digits + 1 : digits
      var end = unit
      while end < line.count, ASCII.isLetter(line[end]) { end += 1 }
      guard end > unit, endsDuration(line, end) else { return nil }
      let word = UnsafeRawBufferPointer(rebasing: line[unit..<end])
      return WordForm.unitType(word[...]) == .duration ? end : nil
    }
    let minutes = digitsEnd(line, start, most: 2)
    guard minutes > start, minutes < line.count, line[minutes] == ASCII.colon,
      start == 0 || ASCII.isSpace(line[start - 1]) || line[start - 1] == ASCII.leftParenthesis
    else { return nil }
    let end = digitsEnd(line, minutes + 1, most: 3)
    guard end - minutes == 3, isBoundary(line, end) else { return nil }
    if end + 1 < line.count,
      [ASCII.colon, ASCII.dot, ASCII.minus, ASCII.slash].contains(line[end]),
      !ASCII.isSpace(line[end + 1])
    {
      return nil
    }
    return end
  }
}
