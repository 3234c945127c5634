/// Verdicts as a table with a closing summary.
///
/// Rows appear as verdicts are made, so the columns are shared out over the width beforehand.
final class FindingsTable: FindingsSink {
  private(set) var anomalies = 0
  private var units = 0
  /// Anomalous ones that were still open.
  private var open = 0
  private var perKind: [String: Int] = [:]
  private var hasHeading = false
  private let isComplete: Bool
  private let unitNoun: String
  /// Whether the model scores ends; where it does not, that one is still to come says nothing.
  private let scoresEnds: Bool
  private let terminal = Terminal.standardOutput

  init(isComplete: Bool, model: ModelDocument) {
    self.isComplete = isComplete
    unitNoun = model.unitNoun
    scoresEnds = model.scoresEnds != false
  }

  func take(_ findings: Findings) throws {
    for index in 0..<findings.count {
      let isAnomalous = try findings.isAnomalous(index)
      // A session that was told of on its way is counted when it ends.
      if try findings.isEarly(index) {
        write(try findings.document(index))
        continue
      }
      units += 1
      guard isAnomalous || isComplete else { continue }
      let finding = try findings.document(index)
      if isAnomalous {
        anomalies += 1
        perKind[title(finding), default: 0] += 1
        if isStillOpen(finding) { open += 1 }
      }
      write(finding)
    }
    StandardOutput.shared.flush()
  }

  func finish() {
    let share = units > 0 ? " (\(Numbers.percent(Double(anomalies) / Double(units))))" : ""
    var text = hasHeading ? "\n" : ""
    text += "\(Numbers.count(units, unitNoun)), \(Numbers.grouped(anomalies)) anomalous\(share)"
    let order = perKind.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    if !order.isEmpty {
      text +=
        ": "
        + order.map { "\(DisplayText.clean($0.key)) \(Numbers.grouped($0.value))" }.joined(
          separator: ", ")
    }
    if open > 0 { text += "; \(Numbers.grouped(open)) of them still open" }
    StandardOutput.shared.write(text + "\n")
    StandardOutput.shared.flush()
  }

  private func write(_ finding: FindingDocument) {
    let widths = self.widths
    if !hasHeading {
      let heading = line(["SESSION", "KIND", "SCORE", "SURE", "LINES", "WHY"], widths)
      StandardOutput.shared.write(terminal.paint(heading, .faint) + "\n")
      hasHeading = true
    }
    var session = finding.session
    if let window = finding.window { session += " #\(window)" }
    if finding.final == false { session += " (goes on)" }
    let lines = finding.lines.map {
      $0.first == $0.last ? "\($0.first ?? 0)" : "\($0.first ?? 0)–\($0.last ?? 0)"
    }
    let cells = [
      session, title(finding), Numbers.fixed(finding.score, 1),
      Numbers.percent(finding.confidence, 0), lines ?? "", why(finding),
    ]
    let row = line(cells.map(DisplayText.clean), widths)
    StandardOutput.shared.write((finding.anomalous ? terminal.paint(row, .red) : row) + "\n")
  }

  /// What decided, behind what speaks against it: a session that goes on may yet show what is missing.
  private func why(_ finding: FindingDocument) -> String {
    let parts = [isStillOpen(finding) ? "still open" : "", finding.reason ?? ""]
    return parts.filter { !$0.isEmpty }.joined(separator: "; ")
  }

  private func isStillOpen(_ finding: FindingDocument) -> Bool {
    scoresEnds && finding.isStillOpen
  }

  private func title(_ finding: FindingDocument) -> String {
    guard let name = finding.name, !name.isEmpty else { return finding.kind }
    return "\(finding.kind) \(name)"
  }

  /// Columns a cell; confidence and lines give way (0) on a narrow terminal.
  private var widths: [Int] {
    let isWide = terminal.width >= 84
    let fixed = isWide ? 6 + 5 + 13 + 5 * 2 : 6 + 3 * 2
    let rest = terminal.width - fixed
    let session = min(28, rest / 3)
    let kind = min(22, rest / 4)
    return [session, kind, 6, isWide ? 5 : 0, isWide ? 13 : 0, rest - session - kind]
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var text = ""
    for (cell, width) in zip(cells, widths) where width > 0 {
      let shown = DisplayText.truncate(cell, to: width)
      text += shown + String(repeating: " ", count: width - DisplayText.width(shown)) + "  "
    }
    while text.last == " " { text.removeLast() }
    return text
  }
}
