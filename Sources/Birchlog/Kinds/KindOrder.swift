/// The order in which people look for kinds: k2 before k10, and names by letter.
enum KindOrder {
  static func precedes(_ left: String, _ right: String) -> Bool {
    let (first, second) = (parts(left), parts(right))
    return (first.letters, first.number, left) < (second.letters, second.number, right)
  }

  /// A name without the number at its end, and that number.
  private static func parts(_ text: String) -> (letters: Substring, number: Int) {
    let letters = text.reversed().drop { $0.isASCII && $0.isNumber }.count
    return (text.prefix(letters), Int(text.dropFirst(letters)) ?? -1)
  }
}
