/// The parts of a log's header in order, as they were recognised on a sample of its lines.
public struct HeaderLayout: Sendable, Equatable {
  /// Parts up to the last time or level: a line without them has no header.
  public var required: [HeaderElement]
  /// Parts behind them, each of which a line may lack.
  public var optional: [HeaderElement]

  public init(required: [HeaderElement], optional: [HeaderElement]) {
    self.required = required
    self.optional = optional
  }

  /// Where the content of a line begins and when the line was written.
  public struct Split: Sendable, Equatable {
    /// The text behind the header; the whole line where the header is not recognised.
    public var content: Range<Int>
    /// Milliseconds since 1970, or nil.
    public var time: Int64?
    /// The line has the header.
    public var hasHeader: Bool
    /// The part of the header that was asked for; nil where the line lacks it.
    public var field: Range<Int>?

    public init(
      content: Range<Int>, time: Int64?, hasHeader: Bool = false, field: Range<Int>? = nil
    ) {
      self.content = content
      self.time = time
      self.hasHeader = hasHeader
      self.field = field
    }
  }

  /// Which of the times in the header is the one to keep: the finest of those with a year, or else the first.
  var timeIndex: Int? {
    var best: (rank: Int, index: Int)?
    for (index, element) in required.enumerated() {
      guard let pattern = element.timePattern else { continue }
      let rank = (pattern.isComplete ? 2 : 0) + (pattern.isFine ? 1 : 0)
      if rank > best?.rank ?? -1 { best = (rank, index) }
    }
    return best?.index
  }

  /// Parts a line. Trailing blanks belong to no part.
  public func split(_ line: UnsafeRawBufferPointer) -> Split {
    split(line, timeIndex: timeIndex, field: nil, lately: nil)
  }

  /// Parts a line, the time to keep being known.
  ///
  /// - Parameter lately: the times of the line before, one for each required part.
  func split(
    _ line: UnsafeRawBufferPointer, timeIndex: Int?, field wanted: Field?, lately: RepeatedTimes?
  ) -> Split {
    var end = line.count
    while end > 0, ASCII.isSpace(line[end - 1]) { end -= 1 }
    let first = min(HeaderElement.skipBlanks(line, 0), end)
    var index = first
    var time: Int64?
    var field: Range<Int>?
    for (position, element) in required.enumerated() {
      let repeated = lately?.match(line, at: index, position)
      guard let match = repeated ?? element.match(line, at: index) else {
        return Split(content: first..<end, time: nil)
      }
      if let lately, repeated == nil, element.timePattern != nil {
        lately.note(match, line, from: index, position)
      }
      if position == timeIndex { time = match.time }
      if position == wanted?.index { field = wanted?.range(in: line, index..<match.end) }
      index = match.end
    }
    var position = 0
    while position < optional.count {
      if optional[position] == .field {
        // A bare word belongs to the header only with what follows it.
        guard let host = HeaderElement.field.match(line, at: index), position + 1 < optional.count,
          let next = optional[position + 1].match(line, at: host.end)
        else {
          position += 2
          continue
        }
        if let wanted, wanted.index == required.count + position {
          field = wanted.range(in: line, index..<host.end)
        } else if let wanted, wanted.index == required.count + position + 1 {
          field = wanted.range(in: line, host.end..<next.end)
        }
        index = next.end
        position += 2
      } else {
        if let match = optional[position].match(line, at: index) {
          if let wanted, wanted.index == required.count + position {
            field = wanted.range(in: line, index..<match.end)
          }
          index = match.end
        }
        position += 1
      }
    }
    return Split(
      content: min(index, end)..<end, time: time, hasHeader: !required.isEmpty, field: field)
  }

  /// The layout as text: the names of its parts, `&` between required and optional ones.
  public var text: String {
    let names = { (elements: [HeaderElement]) in
      elements.map(\.name).joined(separator: "; ")
    }
    return names(required) + " & " + names(optional)
  }

  /// The layout of that text, or nil.
  public init?(text: String) {
    var halves: [[HeaderElement]] = []
    for half in Self.parts(of: text, separator: " & ") {
      var elements: [HeaderElement] = []
      for name in Self.parts(of: half, separator: "; ") where !name.isEmpty {
        guard let element = HeaderElement(name: name) else { return nil }
        elements.append(element)
      }
      halves.append(elements)
    }
    guard halves.count == 2 else { return nil }
    required = halves[0]
    optional = halves[1]
  }

  private static func parts(of text: String, separator: String) -> [String] {
    var parts: [String] = [""]
    var rest = Substring(text)
    while let character = rest.first {
      if rest.hasPrefix(separator) {
        parts.append("")
        rest = rest.dropFirst(separator.count)
      } else {
        parts[parts.count - 1].append(character)
        rest = rest.dropFirst()
      }
    }
    return parts
  }
}
