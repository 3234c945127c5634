/// Tells the header of a log line from its content: by what was learned on a sample, by the user's expression, or not at all.
///
/// Frozen once made, shared by threads, and stored as text.
public struct HeaderRecogniser: Sendable {
  fileprivate enum Rule: Sendable {
    case none
    case layout(HeaderLayout)
    case expression(RegularExpression, content: Int, time: Int?)
  }

  /// How many lines of a log are a good sample.
  public static let sampleSize = 2000

  private let rule: Rule

  private init(_ rule: Rule) { self.rule = rule }

  /// Takes every line as content as a whole, without its blanks at the ends.
  public static let none = HeaderRecogniser(.none)

  /// Learns the header from a sample of lines; lines without a common header are content as a whole.
  public init(sample: [[UInt8]]) {
    rule = HeaderLayout.learn(from: sample).map { .layout($0) } ?? .none
  }

  /// Takes the user's expression (PCRE2 syntax, over bytes) with a group `content` and perhaps a group `time`.
  ///
  /// - Throws: `invalidPattern`, or `missingGroup` when no group is named `content`.
  public init(pattern: String) throws(LogTextError) {
    let expression = try RegularExpression(pattern)
    guard let content = expression.group(named: "content") else {
      throw .missingGroup(pattern: pattern, group: "content")
    }
    rule = .expression(expression, content: content, time: expression.group(named: "time"))
  }

  /// What was learned, or nil for an expression and for none.
  public var layout: HeaderLayout? {
    if case .layout(let layout) = rule { layout } else { nil }
  }

  /// Whether records begin with a time.
  public var hasTime: Bool {
    switch rule {
    case .none: false
    case .layout(let layout): layout.timeIndex != nil
    case .expression(_, _, let time): time != nil
    }
  }

  /// Parts a line. A line on which an expression takes too many steps is content as a whole.
  public func split(_ line: UnsafeRawBufferPointer) -> HeaderLayout.Split {
    (try? makeSplitter())?.split(line) ?? Self.whole(line)
  }

  private static func whole(_ line: UnsafeRawBufferPointer) -> HeaderLayout.Split {
    HeaderLayout(required: [], optional: []).split(line, timeIndex: nil, field: nil, lately: nil)
  }

  /// What one thread needs to part lines.
  ///
  /// - Parameter field: a part of the header that ``HeaderLayout/Split/field`` gives: `process`, `thread`, `component`, `level`,
  ///   `host`, or a group of the user's expression.
  /// - Throws: `missingHeaderField` when the header has no such part, or `outOfMemory`.
  public func makeSplitter(field: String? = nil) throws(LogTextError) -> Splitter {
    try Splitter(rule, field: field)
  }

  /// Parts lines for one thread.
  public final class Splitter {
    /// Lines on which the user's expression took more steps than it may; they are content as a whole.
    public private(set) var abandonedLines: UInt64 = 0
    private let rule: Rule
    private let layout: HeaderLayout?
    private let timeIndex: Int?
    private let lately: RepeatedTimes
    private let matcher: RegularExpression.Matcher?
    private var field: HeaderLayout.Field?
    private var group: Int?

    fileprivate init(_ rule: Rule, field name: String?) throws(LogTextError) {
      self.rule = rule
      if case .layout(let layout) = rule { self.layout = layout } else { layout = nil }
      timeIndex = layout?.timeIndex
      lately = RepeatedTimes(positions: layout?.required.count ?? 0)
      if case .expression(let expression, _, _) = rule {
        matcher = try RegularExpression.Matcher(expression, effort: 100_000)
      } else {
        matcher = nil
      }
      guard let name else { return }
      switch rule {
      case .none: throw .missingHeaderField(name: name, found: [])
      case .layout(let layout):
        field = layout.field(named: name)
        if field == nil { throw .missingHeaderField(name: name, found: layout.fieldNames) }
      case .expression(let expression, _, _):
        group = expression.group(named: name)
        if group == nil { throw .missingHeaderField(name: name, found: []) }
      }
    }

    /// Parts a line.
    public func split(_ line: UnsafeRawBufferPointer) -> HeaderLayout.Split {
      if let layout {
        return layout.split(line, timeIndex: timeIndex, field: field, lately: lately)
      }
      switch rule {
      case .none, .layout: return HeaderRecogniser.whole(line)
      case .expression(_, let content, let time): return split(line, content: content, time: time)
      }
    }

    private func split(
      _ line: UnsafeRawBufferPointer, content: Int, time: Int?
    ) -> HeaderLayout.Split {
      guard let matcher else { return HeaderRecogniser.whole(line) }
      let outcome = matcher.match(line, from: 0)
      if outcome == .abandoned { abandonedLines += 1 }
      guard outcome == .matched, let range = matcher.range(of: content) else {
        return HeaderRecogniser.whole(line)
      }
      let stamp = time.flatMap { matcher.range(of: $0) }
      let value = group.flatMap { matcher.range(of: $0) }
      return HeaderLayout.Split(
        content: range, time: stamp.flatMap { TimestampPattern.milliseconds(of: Array(line[$0])) },
        hasHeader: true, field: value.flatMap { $0.isEmpty ? nil : $0 })
    }
  }

  /// The recogniser as text, from which ``init(stored:)`` restores it.
  public var stored: String {
    switch rule {
    case .none: "none"
    case .layout(let layout): "layout " + layout.text
    case .expression(let expression, _, _): "expression " + expression.pattern
    }
  }

  /// Restores a recogniser.
  ///
  /// - Throws: `invalidState`, or what an expression throws.
  public init(stored: String) throws(LogTextError) {
    if stored == "none" {
      self = .none
    } else if stored.hasPrefix("layout "),
      let layout = HeaderLayout(text: String(stored.dropFirst(7)))
    {
      rule = .layout(layout)
    } else if stored.hasPrefix("expression ") {
      self = try HeaderRecogniser(pattern: String(stored.dropFirst(11)))
    } else {
      throw .invalidState(reason: "\"\(stored.prefix(60))\" is no header layout")
    }
  }
}
