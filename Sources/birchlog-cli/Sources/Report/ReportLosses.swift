/// What the reading lost or left aside.
struct ReportLosses {
  let statistics: StatisticsDocument
  let open: Int
  let unknown: Int
  let unitNoun: String

  func html() -> String {
    let rows: [(String, Int, String)] = [
      ("Lines read", statistics.lines, ""),
      (
        "Lines of no \(unitNoun)", statistics.unassigned,
        "blank, or without a key: no verdict speaks of them"
      ),
      ("Lines cut", statistics.cutLines, "longer than 1 MiB: their ends were not read"),
      (
        "Sessions evicted", statistics.sessionsEvicted,
        "too many were open: judged before they ended"
      ),
      ("Events dropped", statistics.droppedEvents, "beyond the largest session: counted only"),
      (
        "Anomalous and still open", open,
        "when the input ended: their ends were not judged"
      ),
      ("Anomalous, of no known kind", unknown, "listed as unknown; a refit may find their kind"),
      ("Unseen events", statistics.unseenEvents, "lines of templates that training never saw"),
      ("Key failures", statistics.keyFailures, "lines on which the session expression gave up"),
    ]
    let body = rows.map { title, value, detail in
      "<tr><th scope=\"row\">\(HTMLText.escape(title))</th><td class=\"n\">\(Numbers.grouped(value))</td><td class=\"soft\">\(HTMLText.escape(detail))</td></tr>"
    }
    return
      "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"What was left out\"><table class=\"plain\"><tbody>\(body.joined(separator: "\n"))</tbody></table></div>"
  }
}
