/// A regular expression that finds the session keys of a line.
///
/// The first capture group is the key, the whole match where there is no group. Shared by threads; each finds keys through a
/// ``Finder`` of its own.
public struct SessionKeyPattern: Sendable {
  /// What the user wrote.
  public var pattern: String { expression.pattern }
  private let expression: RegularExpression

  /// Compiles the pattern (PCRE2 syntax, over bytes).
  ///
  /// - Throws: `invalidPattern` with the offset and the reason, or `outOfMemory`.
  public init(_ pattern: String) throws(LogTextError) {
    expression = try RegularExpression(pattern)
  }

  /// A finder for one thread.
  ///
  /// - Throws: `outOfMemory`.
  public func makeFinder() throws(LogTextError) -> Finder { try Finder(expression) }

  /// Finds keys for one thread.
  public final class Finder {
    /// Lines on which the pattern took more steps than it may; their remaining keys were not found.
    public private(set) var abandonedLines: UInt64 = 0
    private let expression: RegularExpression
    private let matcher: RegularExpression.Matcher
    private var found: [Range<Int>] = []

    /// Steps that all matches of one line may take together, as PCRE2 counts them. Enough for any sane pattern on a line of a
    /// megabyte, and over in milliseconds for a catastrophic one.
    private static let effort: UInt32 = 200_000

    fileprivate init(_ expression: RegularExpression) throws(LogTextError) {
      self.expression = expression
      matcher = try RegularExpression.Matcher(expression, effort: Self.effort)
    }

    /// Where all matches of the first group, or of the whole, stand in a text, from the left; empty ones are none.
    public func matches(in text: UnsafeRawBufferPointer) -> [Range<Int>] {
      var matches: [Range<Int>] = []
      search(text) { matches.append($0) }
      return matches
    }

    /// Where the distinct keys of a line stand, each once, in order of appearance; empty keys are none.
    public func keys(in line: UnsafeRawBufferPointer) -> [Range<Int>] {
      found.removeAll(keepingCapacity: true)
      var seen: Set<[UInt8]> = []
      search(line) { add($0, of: line, seen: &seen) }
      return found
    }

    private func search(_ line: UnsafeRawBufferPointer, _ take: (Range<Int>) -> Void) {
      var start = 0
      let group = min(1, expression.groupCount)
      while start <= line.count {
        switch matcher.match(line, from: start) {
        case .unmatched: return
        case .abandoned:
          abandonedLines += 1
          return
        case .matched: break
        }
        let whole = matcher.range(of: 0)
        if let key = matcher.range(of: group), !key.isEmpty { take(key) }
        // An empty match, or one that \K turned round, must not stand still.
        start = max(whole?.upperBound ?? 0, start + (whole.map { $0.isEmpty } ?? true ? 1 : 0))
        if let whole, whole.upperBound > start { start = whole.upperBound }
      }
    }

    private func add(_ key: Range<Int>, of line: UnsafeRawBufferPointer, seen: inout Set<[UInt8]>) {
      if found.count < 16 {
        let isKnown = found.contains { other in
          other.count == key.count && line[other].elementsEqual(line[key])
        }
        if !isKnown { found.append(key) }
        return
      }
      // Beyond a handful, comparing each with each would be quadratic in a line's length.
      if seen.isEmpty { for other in found { seen.insert(Array(line[other])) } }
      if seen.insert(Array(line[key])).inserted { found.append(key) }
    }
  }
}
