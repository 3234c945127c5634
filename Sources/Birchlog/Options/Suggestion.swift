/// Finds what somebody who mistyped a word may have meant.
enum Suggestion {
  /// How a sentence about a mistyped word ends: "; did you mean …?" when a known word is close enough, else ".".
  static func ending(for word: String, among known: [String]) -> String {
    nearest(to: word, among: known).map { "; did you mean \"\($0)\"?" } ?? "."
  }

  /// The known word that is nearest to a mistyped one, if any is close enough.
  static func nearest(to word: String, among known: [String]) -> String? {
    let closest = known.map { (word: $0, distance: editDistance(word, $0)) }
      .min { $0.distance < $1.distance }
    guard let closest, closest.distance <= max(2, word.count / 3) else { return nil }
    return closest.word
  }

  private static func editDistance(_ left: String, _ right: String) -> Int {
    let left = Array(left.utf8.prefix(64))
    let right = Array(right.utf8.prefix(64))
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let substituted = diagonal + (a == b ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[right.count]
  }
}
