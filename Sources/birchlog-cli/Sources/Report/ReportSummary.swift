/// The report in a sentence or two that can be passed on.
struct ReportSummary {
  let page: ReportPage

  var sentence: String {
    let noun = page.model.unitNoun
    let known = Numbers.count(page.kinds.kinds.count { !$0.normal }, "kind") + " of anomaly"
    guard let digest = page.digest else {
      guard let mixed = page.model.sessions?.mixed, mixed > 0 else {
        return "The model has seen normal behaviour only; it tells what departs from it."
      }
      return "\(Numbers.count(mixed, noun)) of unlabelled log held \(known)."
    }
    let units = Numbers.count(digest.units, noun)
    if digest.anomalies == 0 { return "None of \(units) is anomalous; the model knows \(known)." }
    let share = Double(digest.anomalies) / Double(max(1, digest.units))
    let found = digest.order.filter { $0 != "unknown" }
    let verb = digest.anomalies == 1 ? "is" : "are"
    var text =
      "\(Numbers.grouped(digest.anomalies)) of \(units) (\(Numbers.percent(share))) \(verb) anomalous"
    text += found.isEmpty ? "." : ", of \(Numbers.count(found.count, "kind"))."
    if let most = found.first, let kind = page.kinds.kinds.first(where: { $0.id == most }) {
      let own = Double(digest.kinds[most]?.units ?? 0) / Double(digest.anomalies)
      let words = (kind.reading ?? "").split(separator: " and ").first.map(String.init) ?? ""
      let reading = words.isEmpty ? "" : ", \(words)"
      text +=
        found.count == 1
        ? " It is \(kind.title)\(reading)."
        : " The most frequent is \(kind.title) (\(Numbers.percent(own, 0)))\(reading)."
    }
    if let unknown = digest.kinds["unknown"]?.units, unknown > 0 {
      text += " \(Numbers.grouped(unknown)) resemble\(unknown == 1 ? "s" : "") no known kind."
    }
    return text
  }
}
