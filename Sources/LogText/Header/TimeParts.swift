/// Reads digits out of borrowed bytes.
struct DigitReader {
  let bytes: UnsafeRawBufferPointer
  var index: Int

  /// The byte at the index, 0 behind the end.
  var next: UInt8 { index < bytes.count ? bytes[index] : 0 }

  /// A number of at least `least` and at most `most` digits, or nil.
  mutating func number(_ least: Int, _ most: Int) -> Int? {
    var value = 0
    var count = 0
    while count < most, ASCII.isDigit(next) {
      value = value * 10 + Int(next &- ASCII.zero)
      index += 1
      count += 1
    }
    return count >= least ? value : nil
  }

  /// Which of the three-letter names stands here, whatever its case; a longer name passes over its rest.
  mutating func name(among names: [StaticString]) -> Int? {
    guard index + 3 <= bytes.count else { return nil }
    for (position, name) in names.enumerated() {
      let text = name.utf8Start
      var isEqual = true
      for offset in 0..<3 where ASCII.lowercased(bytes[index + offset]) != text[offset] {
        isEqual = false
      }
      if isEqual {
        index += 3
        while ASCII.isLetter(next) { index += 1 }
        return position
      }
    }
    return nil
  }
}

/// The parts of a time as they are read, and the point in time they make.
struct TimeParts {
  private var year = TimeLack.yearWithoutYear
  private var month = 1
  private var day = 1
  private var hasDate = false
  private var seconds = 0
  private var fraction = 0
  private var zoneSeconds = 0
  private var sinceEpoch: Int64?

  private static let months: [StaticString] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]
  private static let weekdays: [StaticString] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

  /// Milliseconds since 1970 (proleptic Gregorian calendar).
  var milliseconds: Int64? {
    if let sinceEpoch { return sinceEpoch }
    let days = hasDate ? daysSinceEpoch : TimeLack.dayWithoutDate
    let whole = Int64(days) * 86_400 + Int64(seconds - zoneSeconds)
    return whole * 1000 + Int64(fraction)
  }

  /// Days from civil dates: years begin in March, so that the leap day is the last.
  private var daysSinceEpoch: Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// Reads what one letter of a pattern stands for; false when something else is there.
  mutating func read(_ operation: UInt8, from reader: inout DigitReader) -> Bool {
    switch operation {
    case 0x79:  // y
      guard let value = reader.number(4, 4), value >= 1900, value < 2200 else { return false }
      year = value
      hasDate = true
    case 0x59:  // Y
      guard let value = reader.number(2, 2) else { return false }
      year = value < 70 ? 2000 + value : 1900 + value
      hasDate = true
    case 0x4D: return readMonth(&reader)  // M
    case 0x4E:  // N
      guard let value = reader.name(among: Self.months) else { return false }
      month = value + 1
      hasDate = true
    case 0x64: return readDay(&reader)  // d
    case 0x45: return reader.name(among: Self.weekdays) != nil  // E
    // An hour may lack its zero; minutes and seconds hardly ever do.
    case 0x48: return readClock(&reader, least: 1, most: 23, weight: 3600)  // H
    case 0x6D: return readClock(&reader, least: 2, most: 59, weight: 60)  // m
    case 0x73: return readClock(&reader, least: 2, most: 60, weight: 1)  // s
    case 0x6B: return readClock(&reader, least: 1, most: 59, weight: 60)  // k
    case 0x63: return readClock(&reader, least: 1, most: 60, weight: 1)  // c
    case 0x66: readFraction(&reader)  // f
    case 0x7A: readZone(&reader)  // z
    case 0x5A:  // Z
      let start = reader.index
      while ASCII.isUppercase(reader.next) { reader.index += 1 }
      return reader.index - start >= 3
    case 0x78: return readEpoch(&reader, digits: 10, scale: 1000)  // x
    case 0x58: return readEpoch(&reader, digits: 13, scale: 1)  // X
    case 0x69: return readEpoch(&reader, digits: 13, scale: 1, finer: 3)  // i
    case 0x6E: return readEpoch(&reader, digits: 13, scale: 1, finer: 6)  // n
    case 0x75: return readUptime(&reader)  // u
    case ASCII.space:
      guard reader.next == ASCII.space else { return false }
      while reader.next == ASCII.space { reader.index += 1 }
    default:
      guard reader.next == operation else { return false }
      reader.index += 1
    }
    return true
  }

  private mutating func readMonth(_ reader: inout DigitReader) -> Bool {
    guard let value = reader.number(2, 2), (1...12).contains(value) else { return false }
    month = value
    hasDate = true
    return true
  }

  private mutating func readDay(_ reader: inout DigitReader) -> Bool {
    guard let value = reader.number(1, 2), (1...31).contains(value) else { return false }
    day = value
    hasDate = true
    return true
  }

  private mutating func readClock(
    _ reader: inout DigitReader, least: Int, most: Int, weight: Int
  ) -> Bool {
    guard let value = reader.number(least, 2), value <= most else { return false }
    seconds += value * weight
    return true
  }

  private mutating func readFraction(_ reader: inout DigitReader) {
    let mark = reader.next
    guard mark == ASCII.dot || mark == ASCII.comma || mark == ASCII.colon else { return }
    let start = reader.index + 1
    guard start < reader.bytes.count, ASCII.isDigit(reader.bytes[start]) else { return }
    reader.index = start
    var weight = 100
    while ASCII.isDigit(reader.next) {
      fraction += Int(reader.next &- ASCII.zero) * weight
      weight /= 10
      reader.index += 1
    }
  }

  private mutating func readZone(_ reader: inout DigitReader) {
    if reader.next == 0x5A {
      reader.index += 1
      return
    }
    guard reader.next == ASCII.plus || reader.next == ASCII.minus else { return }
    let sign = reader.next == ASCII.plus ? 1 : -1
    var ahead = reader
    ahead.index += 1
    guard let hours = ahead.number(2, 2), hours <= 15 else { return }
    if ahead.next == ASCII.colon { ahead.index += 1 }
    guard let minutes = ahead.number(2, 2), minutes < 60 else { return }
    zoneSeconds = sign * (hours * 3600 + minutes * 60)
    reader = ahead
  }

  /// - Parameter finer: digits behind them that are less than a millisecond.
  private mutating func readEpoch(
    _ reader: inout DigitReader, digits: Int, scale: Int64, finer: Int = 0
  ) -> Bool {
    guard let value = reader.number(digits, digits), reader.number(finer, finer) != nil,
      !ASCII.isDigit(reader.next)
    else { return false }
    let milliseconds = Int64(value) * scale
    // From 1995 to 2065: other numbers of as many digits are likelier to be something else.
    guard milliseconds > 788_918_400_000, milliseconds < 3_000_000_000_000 else { return false }
    if digits == 10 { readFraction(&reader) }
    sinceEpoch = milliseconds + Int64(fraction)
    return true
  }

  private mutating func readUptime(_ reader: inout DigitReader) -> Bool {
    guard let value = reader.number(1, 9), reader.next == ASCII.dot else { return false }
    let start = reader.index
    readFraction(&reader)
    // Six digits are how kernels print it; fewer could be any decimal number.
    guard reader.index - start == 7 else { return false }
    seconds += value
    return true
  }
}
