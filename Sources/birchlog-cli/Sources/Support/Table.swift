/// A table of text fitted to a width: columns are as wide as they need, and the flexible ones give way when room is short.
struct Table {
  /// How a column behaves.
  struct Column {
    let title: String
    var isNumeric = false
    /// Cut with "…" rather than let the line grow.
    var isFlexible = false
    /// Goes on below rather than be cut; of the last column.
    var wraps = false
  }

  let columns: [Column]
  private(set) var rows: [[String]] = []
  private(set) var colours: [Colour?] = []

  init(_ columns: [Column]) {
    self.columns = columns
  }

  /// Adds a row; missing cells are empty.
  mutating func add(_ cells: [String], colour: Colour? = nil) {
    let padding = Array(repeating: "", count: max(0, columns.count - cells.count))
    rows.append((cells + padding).prefix(columns.count).map(DisplayText.clean))
    colours.append(colour)
  }

  /// The table as lines, each ending with a newline and indented by `indent` blanks.
  func text(width: Int, indent: Int = 0, terminal: Terminal? = nil) -> String {
    let widths = fit(to: width - indent)
    let margin = String(repeating: " ", count: indent)
    let heading = line(columns.map(\.title), widths)
    var text = margin + (terminal?.paint(heading, .faint) ?? heading) + "\n"
    for (row, colour) in zip(rows, colours) {
      let body = wrapped(row, widths).map { line($0, widths) }.joined(separator: "\n" + margin)
      if let colour, let terminal {
        text += margin + terminal.paint(body, colour) + "\n"
      } else {
        text += margin + body + "\n"
      }
    }
    return text
  }

  /// A row with the rows below it that its last cell goes on in.
  private func wrapped(_ row: [String], _ widths: [Int]) -> [[String]] {
    guard let last = columns.indices.last, columns[last].wraps, let cell = row.last else {
      return [row]
    }
    let parts = DisplayText.wrap(cell, to: widths[last])
    return parts.enumerated().map { index, part in
      (index == 0 ? Array(row.dropLast()) : Array(repeating: "", count: last)) + [part]
    }
  }

  private func fit(to width: Int) -> [Int] {
    var widths = columns.indices.map { column in
      rows.reduce(DisplayText.width(columns[column].title)) {
        max($0, DisplayText.width($1[column]))
      }
    }
    let gaps = 2 * (columns.count - 1)
    var excess = widths.reduce(gaps, +) - width
    // The widest flexible column shrinks first, so that no short one disappears beside a long one.
    while excess > 0,
      let widest = columns.indices.filter({ columns[$0].isFlexible && widths[$0] > 8 })
        .max(by: { widths[$0] < widths[$1] })
    {
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var text = ""
    for (index, cell) in cells.enumerated() {
      let shown = columns[index].isFlexible ? DisplayText.truncate(cell, to: widths[index]) : cell
      let fill = String(repeating: " ", count: max(0, widths[index] - DisplayText.width(shown)))
      text += columns[index].isNumeric ? fill + shown : shown + fill
      if index < cells.count - 1 { text += "  " }
    }
    while text.last == " " { text.removeLast() }
    return text
  }
}
