/// How a unit that goes on is held against kinds, which were made of whole units.
enum Beginning {
  /// A classifier that is so sure names a beginning even where it may become one of several kinds.
  static let sureness = 0.95

  /// Distance of a beginning's signature from what a kind's mean has in the columns that it shows, both of unit
  /// length: what is yet to come speaks against no kind.
  static func distance(_ signature: [Float], from mean: [Float]) -> Double {
    let shown = zip(signature, mean).map { $0 != 0 ? $1 : 0 }
    let length = shown.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0 else { return Birchlog.distance(signature, mean) }
    return Birchlog.distance(signature, shown.map { $0 / length })
  }
}

extension Model {
  /// Whether a beginning may become a unit of a kind although its signature lies outside of it: what it shows
  /// so far is in reach of that kind, and of no other one unless the classifier is nearly certain.
  ///
  /// - Parameters:
  ///   - part: of the kind, as a place among the found ones.
  ///   - confidence: what the classifier says of the kind.
  func mayBecome(_ part: Int, signature: [Float], confidence: Double) -> Bool {
    guard space.kind == .deviation else { return false }
    func isInReach(_ place: Int) -> Bool {
      Beginning.distance(signature, from: found[place].centroid) <= found[place].limit
    }
    guard isInReach(part) else { return false }
    return confidence >= Beginning.sureness
      || !kindsOfAnomalous.found.contains { shownKind[$0] != shownKind[part] && isInReach($0) }
  }
}
