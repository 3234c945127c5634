/// Templates with the same arrangement of marks and words: those a line can belong to.
struct TemplateGroup: Sendable {
  /// Places where some templates of the group have wildcards.
  struct Pattern: Sendable {
    var places: [Int32]
    var hash: UInt64
    /// Templates that have wildcards there and nowhere else.
    var count: Int
  }

  /// Members up to which nothing is merged before the end of the input.
  static let firstMerge = 16
  /// Patterns tried for a line; keeps the time per line from growing.
  static let triedPatterns = 64

  var members: [Int32] = []
  /// Fewest wildcards first.
  private(set) var patterns: [Pattern] = []
  /// Members from which on templates are compared again.
  var nextMerge = Self.firstMerge

  mutating func add(_ slot: Int32, wildcards: [Int32], hash: UInt64) {
    members.append(slot)
    if let index = patterns.firstIndex(where: { $0.hash == hash }) {
      patterns[index].count += 1
      return
    }
    let index =
      patterns.firstIndex { ($0.places.count, $0.hash) > (wildcards.count, hash) } ?? patterns.count
    patterns.insert(Pattern(places: wildcards, hash: hash, count: 1), at: index)
  }

  mutating func remove(_ slot: Int32, hash: UInt64) {
    if let index = members.lastIndex(of: slot) { members.remove(at: index) }
    guard let index = patterns.firstIndex(where: { $0.hash == hash }) else { return }
    patterns[index].count -= 1
    if patterns[index].count == 0 { patterns.remove(at: index) }
  }
}

extension Skeleton {
  /// What a token at a place adds to the sum over a skeleton: sums without a place are had by subtraction.
  @inline(__always)
  static func share(_ token: Token, at place: Int) -> UInt64 {
    mix(token.hash &+ UInt64(truncatingIfNeeded: place) &* 0x9E37_79B9_7F4A_7C15)
  }

  /// The sum over all tokens.
  static func sum(_ tokens: [Token]) -> UInt64 {
    var sum: UInt64 = 0
    for (place, token) in tokens.enumerated() { sum &+= share(token, at: place) }
    return sum
  }

  /// The places of wildcards, and their hash.
  static func wildcards(_ tokens: [Token]) -> (places: [Int32], hash: UInt64) {
    var places: [Int32] = []
    var hash: UInt64 = 1
    for (place, token) in tokens.enumerated() where token.kind == .wildcard {
      places.append(Int32(truncatingIfNeeded: place))
      hash = mix(hash ^ UInt64(truncatingIfNeeded: place))
    }
    return (places, hash)
  }

  /// The group of a skeleton: hashes its marks and where words stand between them, whatever the words.
  static func group(of tokens: [Token]) -> UInt64 {
    var state = UInt64(truncatingIfNeeded: tokens.count)
    for token in tokens { state = mix(state ^ (token.kind == .mark ? token.hash : 1)) }
    return state
  }
}
