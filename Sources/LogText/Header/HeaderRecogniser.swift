/// Tells the header of a log line from its content: by what was learned on a sample, by the user's expression, or not at all.
///
/// Frozen once made, shared by threads, and stored as text.
public struct HeaderRecogniser: Sendable {
  private enum Rule: Sendable {
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

  /// Parts a line. A line on which an expression takes too many steps is content as a whole.
  public func split(_ line: UnsafeRawBufferPointer) -> HeaderLayout.Split {
    switch rule {
    case .none: return HeaderLayout(required: [], optional: []).split(line)
    case .layout(let layout): return layout.split(line)
    case .expression(let expression, let content, let time):
      let whole = HeaderLayout(required: [], optional: []).split(line)
      guard let matcher = try? RegularExpression.Matcher(expression, effort: 100_000),
        matcher.match(line, from: 0) == .matched, let range = matcher.range(of: content)
      else { return whole }
      let stamp = time.flatMap { matcher.range(of: $0) }
      return HeaderLayout.Split(
        content: range, time: stamp.flatMap { TimestampPattern.milliseconds(of: Array(line[$0])) })
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
