import CBirchlog

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
    for (point, place) in zip(points, places) {
      let kind = point.anomalous ? point.kind : "normal"
      let stops = stopped[kind] ?? 0
      stopped[kind] = stops + 1
      marks += mark(point, kind: kind, at: place, isStop: stops < Self.stops)
    }
    let label =
      "\(points.count) \(unitNoun)s placed so that alike ones lie together, coloured by kind"
    return """
      <div class="map"><svg viewBox="0 0 \(Int(Self.width)) \(Int(Self.height) + 34)" role="group" aria-label="\(label)">
      \(marks)</svg></div>
      """
  }

  private func mark(
    _ point: ReportDigest.Point, kind: String, at place: (x: Double, y: Double), isStop: Bool
  ) -> String {
    let name = point.anomalous ? title(point.kind) : "normal"
    let label = HTMLText.escape(
      "\(shortened(point.session)), \(name), score \(Numbers.fixed(point.score, 1))")
    let transform = "translate(\(Numbers.fixed(place.x, 1)) \(Numbers.fixed(place.y, 1)))"
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
