/// Judges whether two words at the same place of similar lines can be values of one variable.
enum Variability {
  /// Whether a variable can stand for both words.
  ///
  /// English verb forms say what happened, and words in capitals name methods and states: lines that differ in them are
  /// different events, however alike.
  static func mayVary(_ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>) -> Bool {
    !(isVerbForm(first) && isVerbForm(second)) && !(isCapitals(first) && isCapitals(second))
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
}
