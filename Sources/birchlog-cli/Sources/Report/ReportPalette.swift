/// How kinds are told apart in drawings: by colour and by shape, so that colour is never alone.
struct ReportPalette {
  /// Colours of the style sheet, `--c0` and so on.
  static let colours = 8
  /// Outlines around the origin, about 9 units across.
  private static let shapes = [
    "M-4 0A4 4 0 1 0 4 0A4 4 0 1 0-4 0z", "M-3.6-3.6H3.6V3.6H-3.6z", "M0-4.8L4.6 3.6H-4.6z",
    "M0-5L4.6 0L0 5L-4.6 0z",
  ]

  private let ranks: [String: Int]

  /// - Parameter order: ids of kinds that are no normal ones, the most frequent first.
  init(_ order: [String]) {
    ranks = Dictionary(order.enumerated().map { ($1, $0) }) { first, _ in first }
  }

  /// The class that colours a kind's mark: `c0` to `c7`, `cn` for normal ones, `cu` for unknown.
  func style(_ kind: String) -> String {
    if kind == "unknown" { return "cu" }
    guard let rank = ranks[kind] else { return "cn" }
    return "c\(rank % Self.colours)"
  }

  /// The outline of a kind's mark.
  func shape(_ kind: String) -> String {
    if kind == "unknown" { return "M-4-4L4 4M-4 4L4-4" }
    guard let rank = ranks[kind] else { return Self.shapes[0] }
    return Self.shapes[(rank / Self.colours) % Self.shapes.count]
  }

  /// A kind's mark as a small picture of its own, for legends and headings.
  func mark(_ kind: String) -> String {
    "<svg class=\"mark \(style(kind))\" viewBox=\"-6 -6 12 12\" aria-hidden=\"true\"><path d=\"\(shape(kind))\"/></svg>"
  }
}
