import CBirchlog
import Glibc

/// The map of signatures: what lies near is alike.
struct ReportMap {
  let points: [ReportDigest.Point]
  let palette: ReportPalette
  let title: (String) -> String
  let unitNoun: String

  private static let width = 640.0
  private static let height = 440.0
  private static let margin = 16.0
  /// Marks of one kind that the keyboard stops at.
  private static let stops = 2

  func html() -> String {
    guard points.count > 2, let places = places() else {
      return "<p class=\"soft\">There are too few \(unitNoun)s for a map.</p>"
    }
    var stopped: [String: Int] = [:]
    var marks = ""
    for spot in spots {
      let kind = kind(of: points[spot.first])
      let stops = stopped[kind] ?? 0
      stopped[kind] = stops + 1
      marks += mark(spot, kind: kind, at: places[spot.first], isStop: stops < Self.stops)
    }
    let label =
      "\(points.count) \(unitNoun)s placed so that alike ones lie together, coloured by kind"
    return """
      <div class="map"><svg viewBox="0 0 \(Int(Self.width)) \(Int(Self.height) + 34)" role="group" aria-label="\(label)">
      \(marks)</svg></div>
      """
  }

  /// Points of one kind with the same signature, which lie on one spot.
  private struct Spot {
    /// Index of the first of them.
    var first: Int
    /// Place of the kind among the kinds.
    var rank: Int
    var count = 1

    /// How much larger than that of a single point its mark is.
    var scale: Double { 1 + 0.3 * log2(Double(count)) }
  }

  /// The marks to draw: the kinds in the order of the points, of each the larger marks first, for the later ones lie above them.
  private var spots: [Spot] {
    struct Place: Hashable {
      var kind: String
      var signature: [Float]
    }
    var spots: [Spot] = []
    var known: [Place: Int] = [:]
    var ranks: [String: Int] = [:]
    for (index, point) in points.enumerated() {
      let place = Place(kind: kind(of: point), signature: point.signature)
      if let spot = known[place] {
        spots[spot].count += 1
      } else {
        known[place] = spots.count
        let rank = ranks[place.kind] ?? ranks.count
        ranks[place.kind] = rank
        spots.append(Spot(first: index, rank: rank))
      }
    }
    return spots.sorted { ($0.rank, $1.count, $0.first) < ($1.rank, $0.count, $1.first) }
  }

  private func kind(of point: ReportDigest.Point) -> String {
    point.anomalous ? point.kind : "normal"
  }

  private func mark(
    _ spot: Spot, kind: String, at place: (x: Double, y: Double), isStop: Bool
  ) -> String {
    let point = points[spot.first]
    let name = point.anomalous ? title(point.kind) : "normal"
    let others = spot.count > 1 ? " and \(spot.count - 1) like it" : ""
    let label = HTMLText.escape(
      "\(shortened(point.session))\(others), \(name), score \(Numbers.fixed(point.score, 1))")
    var transform = "translate(\(Numbers.fixed(place.x, 1)) \(Numbers.fixed(place.y, 1)))"
    if spot.count > 1 { transform += " scale(\(Numbers.fixed(spot.scale, 2)))" }
    let focus = isStop ? " tabindex=\"0\" role=\"img\" aria-label=\"\(label)\"" : ""
    return
      "<g class=\"pt \(palette.style(kind))\"\(focus)><path transform=\"\(transform)\" d=\"\(palette.shape(kind))\"/>"
      + "<text aria-hidden=\"true\" x=\"12\" y=\"\(Int(Self.height) + 22)\">\(label)</text></g>\n"
  }

  private func shortened(_ session: String) -> String {
    session.count > 44 ? session.prefix(43) + "…" : session
  }

  /// The library's places, brought into the drawing.
  private func places() -> [(x: Double, y: Double)]? {
    let dimension = points[0].signature.count
    guard dimension > 0, points.allSatisfy({ $0.signature.count == dimension }) else { return nil }
    var raw = [Double](repeating: 0, count: 2 * points.count)
    let status = birchlog_embed(
      points.flatMap(\.signature), points.count, dimension, &raw)
    guard status == BIRCHLOG_OK else { return nil }
    let x = stride(from: 0, to: raw.count, by: 2).map { raw[$0] }
    let y = stride(from: 1, to: raw.count, by: 2).map { raw[$0] }
    func scale(_ values: [Double], _ length: Double) -> [Double] {
      let (low, high) = (values.min() ?? 0, values.max() ?? 1)
      let span = max(high - low, 1e-9)
      return values.map {
        Self.margin + ($0 - low) / span * (length - 2 * Self.margin)
      }
    }
    return zip(scale(x, Self.width), scale(y, Self.height)).map { (x: $0, y: $1) }
  }
}
