/// What somebody who mistyped a word may have meant.
enum Suggestion {
  /// The known word nearest to a mistyped one; nil when none is near.
  static func nearest(to word: String, among known: [String]) -> String? {
    let limit = max(1, word.count / 3)
    let ranked = known.map { (word: $0, distance: distance(Array(word), Array($0))) }
      .filter { $0.distance <= limit || (word.count > 2 && $0.word.hasPrefix(word)) }
    return ranked.min {
      ($0.distance, $0.word) < ($1.distance, $1.word)
    }?.word
  }

  /// What is wrong with a command line whose first mistake is an unknown word; nil when all are
  /// known.
  static func message(for words: [String], table: CommandTable) -> String? {
    var command = table.command
    var path = command.commandName
    var index = 0
    while index < words.count, words[index] != "--" {
      let word = words[index]
      index += 1
      if word.hasPrefix("--") {
        let option = String(word.dropFirst(2).prefix { $0 != "=" })
        guard command.longOptions.contains(option) else {
          return unknown("option", "--\(option)", of: path)
            + hint("--", nearest(to: option, among: command.longOptions))
        }
        if command.takesValue(option), !word.contains("=") { index += 1 }
      } else if let next = command.subcommands?.first(where: { $0.commandName == word }) {
        command = next
        path += " \(word)"
      } else if let subcommands = command.subcommands, !subcommands.isEmpty,
        !word.hasPrefix("-"), !command.takesPositionals
      {
        return unknown("subcommand", word, of: path)
          + hint("", nearest(to: word, among: subcommands.map(\.commandName)))
      } else if word.hasPrefix("-"), word.count == 2 {
        // A short option; those of this command all take a value but the flags, which do no harm.
        if command.takesValue(String(word.dropFirst())) { index += 1 }
      }
    }
    return nil
  }

  private static func unknown(_ what: String, _ word: String, of path: String) -> String {
    "There is no \(what) '\(word)' of \(path)"
  }

  private static func hint(_ prefix: String, _ word: String?) -> String {
    word.map { "; did you mean '\(prefix)\($0)'?" } ?? "; --help lists them."
  }

  /// Damerau and Levenshtein's distance with adjacent letters swapped once.
  static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var before: [Int] = []
    var above = Array(0...right.count)
    for row in left.indices {
      var current = [row + 1]
      for column in right.indices {
        let isSame = left[row] == right[column]
        var best = min(
          above[column] + (isSame ? 0 : 1), above[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          best = min(best, before[column - 1] + 1)
        }
        current.append(best)
      }
      (before, above) = (above, current)
    }
    return above[right.count]
  }
}
