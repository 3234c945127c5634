/// When the kinds came: a bar for each step, stacked by kind.
struct ReportTimeline {
  let timeline: Timeline
  let palette: ReportPalette
  /// Kinds in the order in which they are stacked.
  let order: [String]
  let title: (String) -> String
  /// The words for a position.
  let place: (Double) -> String
  let unitNoun: String

  private static let height = 160.0

  func html() -> String {
    guard let origin = timeline.origin, !timeline.steps.isEmpty else {
      return "<p class=\"soft\">There is nothing to show.</p>"
    }
    let totals = timeline.steps.map { step in order.reduce(0) { $0 + (step[$1] ?? 0) } }
    let highest = totals.max() ?? 0
    guard highest > 0 else { return "<p class=\"soft\">Nothing anomalous came.</p>" }
    let count = timeline.steps.count
    var bars = ""
    for (index, step) in timeline.steps.enumerated() where totals[index] > 0 {
      bars += bar(step, index: index, total: totals[index], highest: highest, origin: origin)
    }
    // The steps are round, what is told of them is not: the input begins and ends within one.
    let span = timeline.span ?? origin...(origin + Double(count) * timeline.width)
    let peak = totals.firstIndex(of: highest) ?? 0
    let label =
      "Anomalous \(unitNoun)s over the input in \(count) steps; the most, \(Numbers.grouped(highest)), from "
      + "\(place(origin + Double(peak) * timeline.width))"
    return """
      <figure class="timeline"><div class="scale"><span>\(Numbers.grouped(highest))</span><span>0</span></div>
      <svg viewBox="0 0 \(count * 10) \(Int(Self.height))" preserveAspectRatio="none" role="img" aria-label="\(HTMLText.escape(label))">
      \(bars)</svg>
      <div class="span"><span>\(HTMLText.escape(place(span.lowerBound)))</span><span>\(HTMLText.escape(place(span.upperBound)))</span></div></figure>
      """
  }

  private func bar(
    _ step: [String: Int], index: Int, total: Int, highest: Int, origin: Double
  ) -> String {
    var y = Self.height
    var parts = ""
    var words: [String] = []
    for kind in order {
      guard let units = step[kind], units > 0 else { continue }
      let height = Double(units) / Double(highest) * (Self.height - 4)
      y -= height
      parts +=
        "<rect class=\"\(palette.style(kind))\" x=\"\(index * 10 + 1)\" y=\"\(Numbers.fixed(y, 1))\" width=\"8\" height=\"\(Numbers.fixed(height, 1))\"/>"
      if words.count < 6 { words.append("\(title(kind)) \(Numbers.grouped(units))") }
    }
    let from = origin + Double(index) * timeline.width
    let text =
      "\(place(from)) to \(place(from + timeline.width)): \(Numbers.grouped(total)) anomalous; "
      + words.joined(separator: ", ")
    return
      "<g><title>\(HTMLText.escape(text))</title><rect class=\"hit\" x=\"\(index * 10)\" width=\"10\" height=\"\(Int(Self.height))\"/>\(parts)</g>\n"
  }
}
