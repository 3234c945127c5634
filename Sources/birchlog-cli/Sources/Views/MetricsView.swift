/// Precision, recall, F1 and support for each class, as the paper prints them.
struct MetricsView {
  let metrics: MetricsTable
  /// What the classes are, such as "kind".
  let heading: String
  /// What stands beside an id, by id.
  var names: [String: String] = [:]

  /// The table with accuracy and weighted averages.
  func text(for terminal: Terminal, indent: Int = 2) -> String {
    var table = Table([
      .init(title: heading, isFlexible: true),
      .init(title: "precision", isNumeric: true), .init(title: "recall", isNumeric: true),
      .init(title: "F1", isNumeric: true), .init(title: "support", isNumeric: true),
      .init(title: "reading", isFlexible: true),
    ])
    let rows = metrics.rows ?? []
    for row in rows {
      table.add([row.title(names)] + row.figures + [row.reading ?? ""])
    }
    let total = Numbers.grouped(Int(rows.reduce(0) { $0 + ($1.support ?? 0) }))
    table.add(["accuracy", "", "", Numbers.fixed(metrics.accuracy), total])
    if let weighted = metrics.weighted {
      table.add([
        "weighted average", Numbers.fixed(weighted.precision), Numbers.fixed(weighted.recall),
        Numbers.fixed(weighted.f1), total,
      ])
    }
    return table.text(width: terminal.width, indent: indent, terminal: terminal) + footnote(indent)
  }

  private func footnote(_ indent: Int) -> String {
    var parts: [String] = []
    if let heldOut = metrics.heldOut {
      parts.append("\(Numbers.count(heldOut, "distinct sequence")) held out")
    }
    if let balanced = metrics.balancedAccuracy {
      parts.append("balanced accuracy \(Numbers.fixed(balanced, 3))")
    }
    if let guess = metrics.constantGuess {
      parts.append("constant guess \(Numbers.fixed(guess, 3))")
    }
    if let calibration = metrics.calibrationError {
      parts.append("calibration error \(Numbers.fixed(calibration, 3))")
    }
    guard !parts.isEmpty else { return "" }
    return String(repeating: " ", count: indent) + parts.joined(separator: "; ") + "\n"
  }
}
