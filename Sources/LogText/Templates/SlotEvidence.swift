/// Judges whether the words at one place of otherwise equal templates are values of one variable.
///
/// Experts who read logs keep such templates apart as long as there are few words: these say what
/// happened (`spawned` and `destroyed`, `memory` and `disk`). Words are values when they are many, and
/// earlier where their form or their place says so.
enum SlotEvidence {
  /// Different words that make a variable of a place that nothing else speaks for, with two other words constant.
  static let words = 10
  /// The same with four other words constant or more: the more vouch for the templates being one, the fewer it takes.
  static let wordsAmongMany = 6
  /// The same where hardly another constant word vouches for the templates being one.
  static let wordsAlone = 20
  /// The same for verb forms and words in capitals, which name happenings, states and methods.
  static let states = 24
  /// The same behind an equals sign or in quotes, where values stand.
  static let assigned = 4
  /// The same behind a noun that names are given to, and for words with the form of a name.
  static let named = 3

  /// Letters and digits of an identifier behind a prefix, at least: of hexadecimal ones and of any.
  private static let (shortestHexadecimal, shortestIdentifier) = (4, 8)

  /// How many different words at a place make a variable of it.
  ///
  /// - Parameters:
  ///   - values: tokens found at the place and the bytes of each; more than one.
  ///   - before: the bytes of the three tokens before the place, or as many as there are.
  ///   - after: the bytes of the token behind the place, where there is one.
  ///   - constants: constant words that the templates have in common.
  static func needed(
    _ values: [(kind: Skeleton.Kind, bytes: ArraySlice<UInt8>)], before: [ArraySlice<UInt8>],
    after: ArraySlice<UInt8>?, constants: Int
  ) -> Int {
    guard constants > 0 else { return Int.max }
    // A value by its form stands here already: so are the others.
    if values.contains(where: { $0.kind == .wildcard }) { return constants > 1 ? 2 : words }
    let prefixed = values.count { $0.kind == .prefixed }
    if prefixed == values.count { return 2 }
    if prefixed > 0, goOnWithIdentifiers(values) { return assigned }
    guard constants > 1 else { return wordsAlone }
    let stateCount = values.count {
      $0.kind == .word && (isVerbForm($0.bytes) || isCapitals($0.bytes))
    }
    if stateCount * 2 > values.count { return states }
    if values.allSatisfy({ hasFormOfName($0.bytes) }) { return named }
    let words = max(wordsAmongMany, words - 2 * (constants - 2))
    guard let last = before.last else { return words }
    // "for X from": who it is that comes from somewhere.
    if last.elementsEqual("for".utf8), after?.elementsEqual("from".utf8) == true { return named }
    let isQuoted = last.count == 1 && last.allSatisfy { isQuote($0) }
    if opensMessage(isQuoted ? before.dropLast() : before[...]) { return words }
    // A noun names what follows, in quotes or without.
    if introducesName(isQuoted ? before.dropLast().last ?? last : last) { return named }
    if isQuoted || last.elementsEqual([ASCII.equals]) { return assigned }
    return words
  }

  /// Whether all words have the prefix of a value that stands at the place too, and behind it letters and digits, always as many: `cus_` and
  /// fourteen letters beside `cus_` and a value. Words are of different lengths; short ones may be of one, but hardly of the letters a to f.
  private static func goOnWithIdentifiers(
    _ values: [(kind: Skeleton.Kind, bytes: ArraySlice<UInt8>)]
  ) -> Bool {
    let prefixes = values.filter { $0.kind == .prefixed }.map { $0.bytes.dropLast() }
    var length = 0
    var isHexadecimal = true
    for (_, bytes) in values.filter({ $0.kind != .prefixed }) {
      guard let prefix = prefixes.first(where: { bytes.starts(with: $0) }) else { return false }
      let rest = bytes.dropFirst(prefix.count)
      guard length == 0 || rest.count == length,
        rest.allSatisfy({ ASCII.isLetter($0) || ASCII.isDigit($0) })
      else { return false }
      length = rest.count
      isHexadecimal = isHexadecimal && rest.allSatisfy { ASCII.isHexDigit($0) }
    }
    return length >= (isHexadecimal ? shortestHexadecimal : shortestIdentifier)
  }

  /// Whether the tokens end in the name of a line's message and an equals sign: what follows says what happened.
  private static func opensMessage(_ before: ArraySlice<ArraySlice<UInt8>>) -> Bool {
    guard let name = before.dropLast().last, before.last?.elementsEqual([ASCII.equals]) == true
    else { return false }
    return Skeleton.namesMessage(name)
  }

  private static func isQuote(_ byte: UInt8) -> Bool {
    byte == ASCII.quote || byte == ASCII.apostrophe || byte == 0x60
  }

  private static func isCapitals(_ word: ArraySlice<UInt8>) -> Bool {
    word.count >= 3 && word.allSatisfy { ASCII.isUppercase($0) || $0 == ASCII.underscore }
  }

  /// Whether a word ends like a verb's participle.
  private static func isVerbForm(_ word: ArraySlice<UInt8>) -> Bool {
    guard word.count >= 5, word.allSatisfy({ ASCII.isLetter($0) }) else { return false }
    return word.suffix(2).elementsEqual([0x65, 0x64])
      || word.suffix(3).elementsEqual([0x69, 0x6E, 0x67])
  }

  /// Whether a word holds digits, or is a qualified name of several parts.
  private static func hasFormOfName(_ word: ArraySlice<UInt8>) -> Bool {
    var dots = 0
    for byte in word {
      if ASCII.isDigit(byte) || byte == ASCII.at || byte == ASCII.backslash { return true }
      if byte == ASCII.dot { dots += 1 }
    }
    return dots >= 2
  }

  /// Whether a noun is one that is followed by the name of a thing.
  private static func introducesName(_ word: ArraySlice<UInt8>) -> Bool {
    guard word.count >= 3, word.count <= 12 else { return false }
    var hash: UInt64 = 0
    for byte in word { hash = hash &* 31 &+ UInt64(ASCII.lowercased(byte)) }
    return nouns.contains(hash)
  }

  private static let nouns: Set<UInt64> = {
    let words = [
      "user", "username", "account", "group", "role", "principal", "owner", "client", "host",
      "hostname", "node", "server", "machine", "device", "interface", "volume", "domain", "class",
      "package", "module", "plugin", "method", "function", "program", "application", "daemon",
      "database", "schema", "table", "tablespace", "index", "column", "topic", "queue", "bucket",
      "namespace", "pod", "container", "file", "directory", "named", "called",
    ]
    return Set(words.map { $0.utf8.reduce(UInt64(0)) { $0 &* 31 &+ UInt64($1) } })
  }()
}
