/// A regular expression that finds the session keys of a line.
///
/// The capture group is the key, the whole match where there is no group; of several, those that took part are the key together. Shared by threads; each finds keys through a
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

  /// Whether a key is made of several groups, so that it stands nowhere in the line as a whole.
  public var joinsGroups: Bool { expression.groupCount > 1 }

  /// What stands between the groups of a key.
  public static let joint = UInt8(ascii: "|")

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

    /// Where the groups of all matches, or without a group the matches, stand in a text; empty ones are none.
    public func matches(in text: UnsafeRawBufferPointer) -> [Range<Int>] {
      var matches: [Range<Int>] = []
      search(text) { matches.append($0) }
      return matches
    }

    /// The distinct keys of a line, each once, in order of appearance: the groups of a match that took part and are not empty, with
    /// ``SessionKeyPattern/joint`` between them.
    ///
    /// - Parameter take: takes each key, with where its groups stand.
    public func joinedKeys(
      in line: UnsafeRawBufferPointer, _ take: (_ key: [UInt8], _ groups: [Range<Int>]) -> Void
    ) {
      var seen: Set<[UInt8]> = []
      searchMatches(line) {
        let groups = groups.compactMap { matcher.range(of: $0) }.filter { !$0.isEmpty }
        let key = Array(groups.map { line[$0] }.joined(separator: [SessionKeyPattern.joint]))
        if !key.isEmpty, seen.insert(key).inserted { take(key, groups) }
      }
    }

    /// Where the distinct keys of a line stand, for a pattern with one group or none, each once, in order of appearance; empty keys are none.
    public func keys(in line: UnsafeRawBufferPointer) -> [Range<Int>] {
      found.removeAll(keepingCapacity: true)
      var seen: Set<[UInt8]> = []
      search(line) { add($0, of: line, seen: &seen) }
      return found
    }

    private func search(_ line: UnsafeRawBufferPointer, _ take: (Range<Int>) -> Void) {
      searchMatches(line) {
        for group in groups { if let key = matcher.range(of: group), !key.isEmpty { take(key) } }
      }
    }

    /// The groups, or 0 for the whole match where there are none.
    private var groups: ClosedRange<Int> {
      expression.groupCount == 0 ? 0...0 : 1...expression.groupCount
    }

    /// Goes from match to match; each can be asked of the matcher while it is visited.
    private func searchMatches(_ line: UnsafeRawBufferPointer, _ visit: () -> Void) {
      var start = 0
      while start <= line.count {
        switch matcher.match(line, from: start) {
        case .unmatched: return
        case .abandoned:
          abandonedLines += 1
          return
        case .matched: break
        }
        let whole = matcher.range(of: 0)
        visit()
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
