import LogText

/// The user's masks: what they match is a value, whatever it looks like. Compiled once, shared by threads.
struct UserMasks: Sendable {
  private let patterns: [SessionKeyPattern]

  /// - Throws: `option` for an expression that PCRE2 does not take.
  init(_ expressions: [String]) throws(LogTextError) {
    var patterns: [SessionKeyPattern] = []
    for expression in expressions { patterns.append(try SessionKeyPattern(expression)) }
    self.patterns = patterns
  }

  /// A text with a number in place of each match.
  struct MaskedText {
    var bytes: [UInt8] = []
    /// Where each number stands in `bytes`, and what of the text it stands for.
    fileprivate(set) var values: [(place: Int, source: Range<Int>)] = []

    /// Where a range of `bytes` stands in the text.
    func source(_ range: Range<Int>) -> Range<Int> {
      var lower = range.lowerBound
      var upper = range.upperBound
      for value in values {
        let growth = value.source.count - 1
        if value.place < range.lowerBound { lower += growth }
        if value.place < range.upperBound { upper += growth }
      }
      return lower..<upper
    }
  }

  /// Applies the masks for one thread.
  final class Finder {
    private let finders: [SessionKeyPattern.Finder]

    fileprivate init(_ finders: [SessionKeyPattern.Finder]) { self.finders = finders }

    /// Matches that an expression gave up at its limit.
    var abandonedLines: Int { finders.reduce(0) { $0 + Int($1.abandonedLines) } }

    /// The masked text; nil where nothing matches.
    func mask(_ text: UnsafeRawBufferPointer) -> MaskedText? {
      var ranges: [Range<Int>] = []
      for finder in finders { ranges += finder.matches(in: text) }
      guard !ranges.isEmpty else { return nil }
      ranges.sort { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
      var masked = MaskedText()
      masked.bytes.reserveCapacity(text.count)
      var index = 0
      for range in ranges where range.upperBound > index {
        if range.lowerBound >= index {
          masked.bytes.append(contentsOf: text[index..<range.lowerBound])
          masked.values.append((masked.bytes.count, range))
          masked.bytes.append(UInt8(ascii: "0"))
        } else if let last = masked.values.indices.last {
          masked.values[last].source = masked.values[last].source.lowerBound..<range.upperBound
        }
        index = range.upperBound
      }
      masked.bytes.append(contentsOf: text[index...])
      return masked
    }
  }

  /// - Returns: nil when there are no masks.
  /// - Throws: `outOfMemory`.
  func makeFinder() throws(LogTextError) -> Finder? {
    guard !patterns.isEmpty else { return nil }
    var finders: [SessionKeyPattern.Finder] = []
    for pattern in patterns { finders.append(try pattern.makeFinder()) }
    return Finder(finders)
  }
}
