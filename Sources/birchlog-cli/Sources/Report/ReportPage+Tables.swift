extension ReportPage {
  /// Precision, recall, F1, support and reading of each class, with accuracy and weighted averages below.
  func metrics(_ metrics: MetricsTable, heading: String) -> String {
    let rows = (metrics.rows ?? []).map { row in
      "<tr><td>\(HTMLText.escape(row.title()))</td>"
        + row.figures.map { "<td class=\"n\">\(HTMLText.escape($0))</td>" }.joined()
        + "<td>\(HTMLText.escape(row.reading ?? reading(of: row.now?.first ?? row.kind)))</td></tr>"
    }
    let total = Numbers.grouped(Int((metrics.rows ?? []).reduce(0) { $0 + ($1.support ?? 0) }))
    func foot(_ title: String, _ values: [String]) -> String {
      "<tr><td>\(title)</td>" + (values + [total]).map { "<td class=\"n\">\($0)</td>" }.joined()
        + "<td></td></tr>"
    }
    let heads = [heading, "precision", "recall", "F1", "support", "Reading"].enumerated().map {
      index, title in
      "<th scope=\"col\"\((1...4).contains(index) ? " class=\"n\"" : "")>\(title)</th>"
    }
    let weighted = metrics.weighted
    return """
      <div class="scroll" tabindex="0"><table class="wide"><thead><tr>\(heads.joined())</tr></thead><tbody>\(rows.joined(separator: "\n"))</tbody>
      <tfoot>\(foot("accuracy", ["", "", Numbers.fixed(metrics.accuracy)]))\
      \(foot("weighted average", [Numbers.fixed(weighted?.precision), Numbers.fixed(weighted?.recall), Numbers.fixed(weighted?.f1)]))</tfoot></table></div>
      """
  }

  private func reading(of kind: String) -> String {
    kinds.kinds.first { $0.id == kind }?.reading ?? ""
  }

  /// A plain table whose first column is text and whose others are numbers; it scrolls where it does not fit.
  func table(_ titles: [String], _ rows: [[String]]) -> String {
    func attribute(_ index: Int) -> String { index == 0 ? "" : " class=\"n\"" }
    let head = titles.enumerated().map {
      "<th scope=\"col\"\(attribute($0))>\(HTMLText.escape($1))</th>"
    }
    let body = rows.map { row in
      "<tr>" + row.enumerated().map { "<td\(attribute($0))>\(HTMLText.escape($1))</td>" }.joined()
        + "</tr>"
    }
    return
      "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>\(head.joined())</tr></thead><tbody>\(body.joined(separator: "\n"))</tbody></table></div>"
  }
}
