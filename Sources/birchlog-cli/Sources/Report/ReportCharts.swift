/// The report's drawings as inline SVG; colours come from the style sheet.
enum ReportCharts {
  /// A bar that fills `share` (0 to 1) of the width it is given.
  static func bar(_ share: Double, cssClass: String, label: String) -> String {
    let width = share > 0 ? Numbers.fixed(max(0.4, min(100, share * 100)), 2) : "0"
    return """
      <svg class="bar \(cssClass)" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" \
      aria-label="\(HTMLText.escape(label))"><rect class="rail" width="100" height="10"/>\
      <rect class="fill" width="\(width)" height="10"/></svg>
      """
  }

  /// The curve behind the number of kinds: silhouette and stability for every candidate.
  static func curve(_ points: [ModelDocument.Point], chosen: Int?) -> String {
    let points = points.sorted { $0.k < $1.k }
    guard let first = points.first, let last = points.last, points.count > 1 else { return "" }
    let values = points.flatMap { [$0.silhouette, $0.stability] }.compactMap { $0 }.filter(
      \.isFinite)
    let low = min(0, values.min() ?? 0)
    let frame = Frame(firstK: first.k, lastK: last.k, low: low, high: max(1, values.max() ?? 1))

    var svg = """
      <svg class="curve" viewBox="0 0 \(Frame.width) \(Frame.height)" role="img" \
      aria-label="Silhouette and stability for each number of kinds\(chosen.map { "; \($0) was chosen" } ?? "")">
      """
    for tick in [0, 0.25, 0.5, 0.75, 1] {
      let y = frame.y(tick)
      svg +=
        "<line class=\"grid\" x1=\"\(frame.left)\" x2=\"\(frame.right)\" y1=\"\(y)\" y2=\"\(y)\"/>"
      svg +=
        "<text class=\"tick end\" x=\"32\" y=\"\(y)\" dy=\"4\">\(Numbers.fixed(tick, 2))</text>"
    }
    for k in ticks(first.k, last.k) {
      svg += "<text class=\"tick middle\" x=\"\(frame.x(k))\" y=\"226\">\(k)</text>"
    }
    svg += "<text class=\"tick middle\" x=\"\(frame.middle)\" y=\"248\">number of kinds</text>"
    if let chosen, (first.k...last.k).contains(chosen) {
      let x = frame.x(chosen)
      svg += "<line class=\"chosen\" x1=\"\(x)\" x2=\"\(x)\" y1=\"12\" y2=\"206\"/>"
    }
    svg += line(points.compactMap { point in point.silhouette.map { (point.k, $0) } }, "one", frame)
    svg += line(points.compactMap { point in point.stability.map { (point.k, $0) } }, "two", frame)
    return svg + "</svg>"
  }

  private static func line(_ points: [(k: Int, value: Double)], _ series: String, _ frame: Frame)
    -> String
  {
    guard !points.isEmpty else { return "" }
    let path = points.map { "\(frame.x($0.k)),\(frame.y($0.value))" }.joined(separator: " ")
    var svg = "<polyline class=\"line \(series)\" points=\"\(path)\"/>"
    for point in points {
      svg +=
        "<circle class=\"dot \(series)\" cx=\"\(frame.x(point.k))\" cy=\"\(frame.y(point.value))\" r=\"3.5\">"
      svg += "<title>\(point.k) kinds: \(Numbers.fixed(point.value, 3))</title></circle>"
    }
    return svg
  }

  /// About six whole numbers from `first` to `last`.
  private static func ticks(_ first: Int, _ last: Int) -> [Int] {
    let step = max(1, (last - first + 5) / 6)
    return Array(stride(from: first, through: last, by: step))
  }

  /// Where a value lies in the drawing.
  private struct Frame {
    static let width = 480
    static let height = 256
    let left = 40
    let right = 468
    let firstK: Int
    let lastK: Int
    let low: Double
    let high: Double

    var middle: Int { (left + right) / 2 }

    func x(_ k: Int) -> String {
      let share = Double(k - firstK) / Double(max(1, lastK - firstK))
      return Numbers.fixed(Double(left + 8) + share * Double(right - left - 16), 1)
    }

    func y(_ value: Double) -> String {
      let share = (min(high, max(low, value)) - low) / (high - low)
      return Numbers.fixed(206 - share * 194, 1)
    }
  }
}
