/// The table of a log's templates.
struct TemplatesView {
  let templates: [TemplateDocument]
  let statistics: MinerStatistics

  /// The table, fitted to the terminal.
  func text(for terminal: Terminal) -> String {
    var table = Table([
      .init(title: "lines", isNumeric: true), .init(title: "event", isNumeric: true),
      .init(title: "template", isFlexible: true), .init(title: "parameters", isFlexible: true),
      .init(title: "example", isFlexible: true),
    ])
    for template in templates {
      table.add([
        Numbers.grouped(template.count), "\(template.event)", template.template,
        template.parameters.joined(separator: " "), template.example ?? "",
      ])
    }
    return summary + "\n" + table.text(width: terminal.width, terminal: terminal)
  }

  private var summary: String {
    var text =
      "\(Numbers.grouped(statistics.lines)) lines, \(Numbers.grouped(statistics.templates)) templates"
    if statistics.blank > 0 { text += ", \(Numbers.grouped(statistics.blank)) blank lines" }
    if statistics.forgottenTemplates > 0 {
      text += ", \(Numbers.grouped(statistics.forgottenTemplates)) templates forgotten"
    }
    return text + "\n"
  }
}
