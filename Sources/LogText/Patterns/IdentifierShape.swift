/// What identifiers of one make have in common: constant parts, kinds of variable parts, and what stands before them.
///
/// `blk_-3544583377289625738` is `blk_` and a number, `req-38101a0b-2096-447d-96ea-a692162415ae` is `req-` and a UUID, `sshd[24200]` a
/// number in brackets behind a name.
struct IdentifierShape: Hashable {
  enum Part: Hashable {
    case literal([UInt8])
    /// A whole number, perhaps negative.
    case number
    /// Hexadecimal digits.
    case hex
    case uuid
    /// Letters and digits without form.
    case code
  }

  /// What stands before an identifier without a constant part of its own, ``betweenColons`` where colons are on both sides; empty where it
  /// has a constant part.
  var context: [UInt8]
  var parts: [Part]

  /// An identifier in a line.
  struct Found {
    var shape: IdentifierShape
    var range: Range<Int>
    /// A number in it has a sign.
    var isSigned: Bool
    /// Lengths of its hexadecimal parts and numbers.
    var lengths: [Int]
  }

  /// What the values of a shape have in common beside it.
  struct Detail {
    var isSigned = false
    /// Shortest and longest of each variable part.
    var lengths: [ClosedRange<Int>] = []

    mutating func add(_ found: Found) {
      isSigned = isSigned || found.isSigned
      if lengths.isEmpty { lengths = found.lengths.map { $0...$0 } }
      guard lengths.count == found.lengths.count else { return }
      for (index, length) in found.lengths.enumerated() {
        let known = lengths[index]
        lengths[index] = min(known.lowerBound, length)...max(known.upperBound, length)
      }
    }

    /// Whether all numbers are as long as some hexadecimal ones in the same places, and have no sign.
    func fits(_ hexadecimal: Detail) -> Bool {
      !isSigned && lengths.count == hexadecimal.lengths.count
        && zip(lengths, hexadecimal.lengths).allSatisfy {
          $1.contains($0.lowerBound) && $1.contains($0.upperBound)
        }
    }
  }

  /// `: ` before and `: ` behind: what a message is about stands between its process and its text, `smtpd[812]: 4F2A1B3C0: client=…`.
  private static let betweenColons = Array(": :".utf8)
  /// Bytes of an identifier at most.
  private static let longest = 128
  /// Bytes of a word before an identifier that count as its name.
  private static let longestName = 24

  /// The identifiers of a line, from the left.
  static func find(in line: UnsafeRawBufferPointer) -> [Found] {
    var found: [Found] = []
    var index = 0
    while index < line.count {
      guard isToken(line[index]) else {
        index += 1
        continue
      }
      let start = index
      while index < line.count, isToken(line[index]) { index += 1 }
      // A full stop or a dash at the end belongs to the sentence.
      var end = index
      while end > start, line[end - 1] == ASCII.dot || line[end - 1] == ASCII.minus { end -= 1 }
      guard end - start <= longest, line[start..<end].contains(where: { ASCII.isDigit($0) }) else {
        continue
      }
      if let one = read(line, start..<end) { found.append(one) }
    }
    return found
  }

  private static func isToken(_ byte: UInt8) -> Bool {
    ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == ASCII.underscore || byte == ASCII.minus
      || byte == ASCII.dot
  }

  private static func read(_ line: UnsafeRawBufferPointer, _ range: Range<Int>) -> Found? {
    var parts: [Part] = []
    var lengths: [Int] = []
    var isSigned = false
    var index = range.lowerBound
    let isWord = { (byte: UInt8) in ASCII.isLetter(byte) || ASCII.isDigit(byte) }
    while index < range.upperBound {
      if let end = uuidEnd(line, index, range.upperBound) {
        parts.append(.uuid)
        index = end
        continue
      }
      let start = index
      guard isWord(line[index]) else {
        // A dash before digits behind another mark is a sign.
        if line[index] == ASCII.minus, index + 1 < range.upperBound, ASCII.isDigit(line[index + 1]),
          index > range.lowerBound, !isWord(line[index - 1])
        {
          isSigned = true
        } else {
          parts.append(.literal([line[index]]))
        }
        index += 1
        continue
      }
      while index < range.upperBound, isWord(line[index]) { index += 1 }
      // Whatever is joined to a mixture is as formless: `1rKqVb-0003xY-8K`.
      let isJoined = parts.first == .code
      guard let kinds = isJoined ? [.code] : kinds(of: line, start..<index) else { return nil }
      parts += kinds
      if kinds == [.hex] || kinds == [.number] || kinds == [.code] {
        lengths.append(index - start)
      } else if kinds.count == 2 {
        lengths.append(line[start..<index].count { ASCII.isDigit($0) })
      }
    }
    return IdentifierShape(parts, at: range, in: line).map {
      Found(shape: $0, range: range, isSigned: isSigned, lengths: lengths)
    }
  }

  /// Bytes of a mixture without form at least; shorter ones are versions and models. Letters of one behind a number at least; fewer are a
  /// unit.
  private static let shortestCode = (bytes: 6, letters: 4)

  /// The parts of a run of letters and digits; nil for a short mixture without form, or a quantity.
  private static func kinds(of line: UnsafeRawBufferPointer, _ range: Range<Int>) -> [Part]? {
    let word = line[range]
    if word.allSatisfy({ ASCII.isDigit($0) }) { return [.number] }
    if !word.contains(where: { ASCII.isDigit($0) }) {
      return [.literal(Array(word))]
    }
    if word.count >= 4, word.allSatisfy({ ASCII.isHexDigit($0) }) { return [.hex] }
    guard let digit = word.firstIndex(where: { ASCII.isDigit($0) }),
      word[digit...].allSatisfy({ ASCII.isDigit($0) })
    else {
      let unit = word.drop { ASCII.isDigit($0) }
      let isQuantity =
        unit.count < shortestCode.letters && unit.allSatisfy { ASCII.isLetter($0) }
      return word.count >= shortestCode.bytes && !isQuantity ? [.code] : nil
    }
    return [.literal(Array(word[..<digit])), .number]
  }

  private static func uuidEnd(_ line: UnsafeRawBufferPointer, _ start: Int, _ limit: Int) -> Int? {
    guard start + 36 <= limit else { return nil }
    for offset in 0..<36 {
      let isDash = offset == 8 || offset == 13 || offset == 18 || offset == 23
      let byte = line[start + offset]
      guard isDash ? byte == ASCII.minus : ASCII.isHexDigit(byte) else { return nil }
    }
    return start + 36 == limit || !ASCII.isHexDigit(line[start + 36]) ? start + 36 : nil
  }

  /// Keeps what can be told apart: a name of its own, or a form that dates, times and quantities do not have.
  private init?(_ parts: [Part], at range: Range<Int>, in line: UnsafeRawBufferPointer) {
    self.parts = parts
    context = []
    let letters = parts.reduce(0) { count, part in
      guard case .literal(let text) = part else { return count }
      return count + text.count { ASCII.isLetter($0) }
    }
    if case .literal(let first)? = parts.first, letters >= 2, ASCII.isLetter(first[0]) { return }
    let isTelling = parts.contains(.uuid) || parts.contains(.hex) || parts.contains(.code)
    guard isTelling || parts == [.number] else { return nil }
    context =
      Self.isBetweenColons(range, in: line)
      ? Self.betweenColons : Self.context(before: range.lowerBound, in: line)
    if parts == [.number] || parts == [.code], context.isEmpty { return nil }
  }

  private static func isBetweenColons(_ range: Range<Int>, in line: UnsafeRawBufferPointer) -> Bool
  {
    guard range.lowerBound >= 3, line[range.lowerBound - 1] == ASCII.space,
      line[range.lowerBound - 2] == ASCII.colon, range.upperBound + 1 < line.count
    else { return false }
    return line[range.upperBound] == ASCII.colon && line[range.upperBound + 1] == ASCII.space
  }

  /// The marks right before an identifier, with the name before those: `instance: `, `id=`, `*`, `w[` for a bracket behind any name.
  private static func context(before start: Int, in line: UnsafeRawBufferPointer) -> [UInt8] {
    var index = start
    if index > 0, line[index - 1] == ASCII.space, index > 1,
      [ASCII.colon, ASCII.equals].contains(line[index - 2])
    {
      index -= 1
    }
    guard index > 0 else { return [] }
    let mark = line[index - 1]
    switch mark {
    case ASCII.asterisk, ASCII.hash: return Array(line[(index - 1)..<start])
    case ASCII.leftBracket:
      let isNamed = index > 1 && isToken(line[index - 2]) || index > 1 && line[index - 2] == 0x29
      return isNamed ? [0x77, ASCII.leftBracket] : [ASCII.leftBracket]
    case ASCII.equals, ASCII.colon:
      var name = index - 1
      while name > 0, index - name < longestName, isToken(line[name - 1]) { name -= 1 }
      // A time of day has digits before its colon.
      guard name < index - 1, ASCII.isLetter(line[name]) else { return [] }
      return Array(line[name..<start])
    default: return []
    }
  }

  /// A regular expression that finds the identifiers.
  func pattern(_ detail: Detail) -> String {
    var body = ""
    var lengths = detail.lengths[...]
    for part in parts {
      switch part {
      case .literal(let text): body += Self.escaped(text)
      case .number:
        body += detail.isSigned ? #"-?\d+"# : #"\d+"#
        _ = lengths.popFirst()
      case .hex:
        body += "[0-9a-fA-F]"
        let range = lengths.popFirst() ?? 1...1
        // Short numbers are no such part; counters among them grow, times written in eight digits do not.
        body +=
          range == 8...8 || range.lowerBound > 15 && range.lowerBound == range.upperBound
          ? "{\(range.lowerBound)}" : "{\(max(1, range.lowerBound - 1)),}"
      case .code:
        let range = lengths.popFirst() ?? 1...1
        // A word of letters alone is none.
        if body.isEmpty { body += "(?=[A-Za-z]*[0-9])" }
        body += "[0-9A-Za-z]{\(max(1, range.lowerBound - 1)),}"
      case .uuid: body += "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
      }
    }
    if context.isEmpty { return #"(?<![\w.-])"# + body + #"(?!\w)"# }
    if context == Self.betweenColons { return ": (" + body + "): " }
    if context == [0x77, ASCII.leftBracket] { return #"[\w)]\[("# + body + #")\]"# }
    if context == [ASCII.leftBracket] { return #"(?<![\w)])\[("# + body + #")\]"# }
    return Self.escaped(context) + "(" + body + #")(?!\w)"#
  }

  private static func escaped(_ text: [UInt8]) -> String {
    var result = ""
    for byte in text {
      if !ASCII.isLetter(byte), !ASCII.isDigit(byte), byte != ASCII.underscore,
        byte != ASCII.space, byte != ASCII.minus, byte != ASCII.equals, byte != ASCII.colon,
        byte != ASCII.hash
      {
        result += "\\"
      }
      result += String(decoding: [byte], as: UTF8.self)
    }
    return result
  }

  /// The shape of the same identifiers where all numbers are hexadecimal; nil for a shape without numbers.
  var hexadecimal: IdentifierShape? {
    guard parts.contains(.number) else { return nil }
    var shape = self
    shape.parts = parts.map { $0 == .number ? .hex : $0 }
    return shape
  }

  /// Shapes with hexadecimal parts whose letters a value happens to lack are the same: `[hex, number]` for `[hex, hex]`; so are parts
  /// beside a mixture without form.
  func generalised() -> IdentifierShape {
    guard parts.contains(.code) else { return parts.contains(.hex) ? hexadecimal ?? self : self }
    var shape = self
    shape.parts = parts.map { $0 == .number || $0 == .hex ? .code : $0 }
    return shape
  }
}
