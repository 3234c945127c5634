extension HeaderLayout {
  /// Share of the lines still in step that a part must fit.
  private static let agreement = 0.9
  /// Share of the sample that the required parts together must fit: stack traces and the like have no header.
  private static let coverage = 0.5
  /// Parts that a header has at most.
  private static let longest = 16

  /// Recognises the header that most lines of a sample share; nil when they share none with a time or level.
  ///
  /// Part by part, from the left, the most telling reading that fits nine of ten lines is taken. The header is required up to its
  /// last time or level. Behind it, separators, brackets, numbers and a component belong to it too, and a bare word only when
  /// such a part follows, since otherwise it is the first word of the text.
  ///
  /// Time is linear in the bytes of the sample's headers times the number of known forms of time.
  public static func learn(from sample: [[UInt8]]) -> HeaderLayout? {
    let filled = sample.filter { line in line.contains { !ASCII.isSpace($0) } }
    // Indented lines go on with the one before, unless all of the log is indented.
    let beginning = filled.filter { !ASCII.isSpace($0[0]) }
    let lines = 20 * beginning.count >= filled.count ? beginning : filled
    return learn(fromBeginnings: lines)
  }

  private static func learn(fromBeginnings filled: [[UInt8]]) -> HeaderLayout? {
    guard !filled.isEmpty else { return nil }
    if let fields = timeField(filled) { return fields }
    var cursor = Cursor(lines: filled)
    var elements: [HeaderElement] = []
    var best: (count: Int, cursor: Cursor)?
    // Where half of the lines begin with a time, the others belong to those: exceptions and the like.
    var first = cursor.likeliestTime(agreement: coverage)
    while elements.count < longest, let element = first ?? cursor.likeliest(agreement: agreement) {
      first = nil
      cursor.advance(element)
      guard Double(cursor.count) >= coverage * Double(filled.count) else { break }
      elements.append(element)
      switch element {
      case .timestamp, .level: best = (elements.count, cursor)
      default: break
      }
    }
    guard let best else { return timeAmongFields(Cursor(lines: filled), agreement: coverage) }
    let required = Array(elements[..<best.count])
    let layout = HeaderLayout(required: required, optional: trailing(best.cursor))
    guard layout.timeIndex == nil,
      let time = timeAmongFields(best.cursor, agreement: agreement)?.required
    else { return layout }
    return HeaderLayout(required: required + time, optional: layout.optional)
  }

  /// A header without parts of its own, of lines that name their time in a field anywhere. Only a time with its date is one: other
  /// fields of such names are durations.
  private static func timeAmongFields(_ cursor: Cursor, agreement: Double) -> HeaderLayout? {
    let time = cursor.likeliestTime(agreement: agreement, as: HeaderElement.timeAmongFields)
    guard let time, time.timePattern?.isComplete == true else { return nil }
    return HeaderLayout(required: [time], optional: [])
  }

  /// The header of lines that are fields (`time=… level=info msg="…"`): the time, where most lines have it first or behind the level or the
  /// logger. What follows says what happened.
  private static func timeField(_ filled: [[UInt8]]) -> HeaderLayout? {
    var cursor = Cursor(lines: filled)
    if let time = cursor.likeliestTime(agreement: coverage, as: HeaderElement.timeField) {
      return HeaderLayout(required: [time], optional: [])
    }
    let led = filled.filter { line in
      line.withUnsafeBytes {
        HeaderElement.valueStart($0, 0, of: HeaderElement.namesBeforeTime) != nil
      }
    }
    guard Double(led.count) >= coverage * Double(filled.count) else { return nil }
    cursor = Cursor(lines: led)
    cursor.advance(.field)
    let time = cursor.likeliestTime(agreement: agreement, as: HeaderElement.timeField)
    return time.map { HeaderLayout(required: [.field, $0], optional: []) }
  }

  /// The parts behind the last time or level.
  private static func trailing(_ start: Cursor) -> [HeaderElement] {
    var cursor = start
    var elements: [HeaderElement] = []
    while elements.count < longest {
      // What stands in brackets is no host.
      if let bracketed = cursor.first(of: [.bracketed], agreement: agreement) {
        cursor.advance(bracketed)
        elements.append(bracketed)
        continue
      }
      if let named = cursor.afterHost(agreement: agreement) {
        cursor = named
        elements += [.field, .component]
        break
      }
      if let element = cursor.likeliestSeparator(agreement: agreement) {
        cursor.advance(element)
        elements.append(element)
        if element == .component { break }
        continue
      }
      if let column = cursor.first(of: [.title, .padded], agreement: agreement) {
        cursor.advance(column)
        elements.append(column)
        continue
      }
      var behind = cursor
      behind.advance(.field)
      guard Double(behind.count) >= agreement * Double(cursor.count),
        let next = behind.likeliestSeparator(agreement: agreement), next != .number
      else { break }
      behind.advance(next)
      elements += [.field, next]
      cursor = behind
      if next == .component { break }
    }
    return elements
  }

  /// How far each line of the sample has been read; lines that fell out of step are gone.
  private struct Cursor {
    private var lines: [[UInt8]]
    private var positions: [Int]

    var count: Int { lines.count }

    init(lines: [[UInt8]]) {
      self.lines = lines
      positions = lines.map { line in line.withUnsafeBytes { HeaderElement.skipBlanks($0, 0) } }
    }

    /// Reads one part of every line and drops the lines that lack it.
    mutating func advance(_ element: HeaderElement) {
      var keptLines: [[UInt8]] = []
      var keptPositions: [Int] = []
      for (line, position) in zip(lines, positions) {
        if let match = line.withUnsafeBytes({ element.match($0, at: position) }) {
          keptLines.append(line)
          keptPositions.append(match.end)
        }
      }
      lines = keptLines
      positions = keptPositions
    }

    func likeliest(agreement: Double) -> HeaderElement? {
      if let element = likeliestTime(agreement: agreement)
        ?? first(of: [.level, .dash, .bracketed, .number, .component], agreement: agreement)
      {
        // A column that mostly holds a dash or a number holds words on the other lines.
        let isLoose = element == .dash || element == .number
        return isLoose && fitting(element, enough: agreement) < lines.count ? .field : element
      }
      return first(of: [.field], agreement: agreement)
    }

    /// The cursor behind a host and a component, where most lines have both.
    ///
    /// A component may be several words, so the pair is looked for before the component alone.
    func afterHost(agreement: Double) -> Cursor? {
      var behind = self
      behind.advance(.field)
      let isNamed = zip(behind.lines, behind.positions).allSatisfy { line, position in
        // A first word with a colon is the component itself.
        let end = line[..<position].lastIndex { !ASCII.isSpace($0) }
        return end.map { line[$0] != ASCII.colon } ?? false
      }
      guard isNamed, Double(behind.count) >= agreement * Double(count) else { return nil }
      behind.advance(.component)
      let fitting = Double(behind.count)
      return fitting >= (agreement - 0.1) * Double(count) && behind.count > 0 ? behind : nil
    }

    func likeliestSeparator(agreement: Double) -> HeaderElement? {
      if let element = first(of: [.dash, .bracketed, .number], agreement: agreement) {
        return element
      }
      // A name may be missing on some lines of a system log, so fewer must agree.
      return first(of: [.component], agreement: agreement - 0.1)
        ?? first(of: [.column], agreement: agreement)
    }

    func likeliestTime(
      agreement: Double, as kind: (TimestampPattern) -> HeaderElement = HeaderElement.timestamp
    ) -> HeaderElement? {
      var best: (count: Int, element: HeaderElement)?
      for pattern in TimestampPattern.known {
        let element = kind(pattern)
        // Of forms that fit as many lines the table's first says most.
        let count = fitting(element, enough: agreement)
        if Double(count) >= agreement * Double(lines.count), count > best?.count ?? 0 {
          best = (count, element)
        }
      }
      return best?.element
    }

    func first(of elements: [HeaderElement], agreement: Double) -> HeaderElement? {
      elements.first {
        Double(fitting($0, enough: agreement)) >= agreement * Double(lines.count)
      }
    }

    /// Number of lines that have the part next; counting stops once too many lack it.
    private func fitting(_ element: HeaderElement, enough agreement: Double) -> Int {
      let tolerated = Int((1 - agreement) * Double(lines.count)) + 1
      var fitting = 0
      for (index, line) in lines.enumerated() {
        let isFitting = line.withUnsafeBytes { element.match($0, at: positions[index]) != nil }
        if isFitting { fitting += 1 } else if index - fitting >= tolerated { return 0 }
      }
      return lines.isEmpty ? 0 : fitting
    }
  }
}
