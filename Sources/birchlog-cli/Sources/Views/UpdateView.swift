/// What an update changed, in words.
struct UpdateView {
  let update: UpdateDocument
  /// "session" or "window".
  let unitNoun: String

  var text: String {
    let units = update.units
    var lines = [
      (
        "learned",
        "\(Numbers.grouped(units.learned)) of \(Numbers.grouped(units.normal + units.mixed)) \(unitNoun)s as normal\(withheld), \(Numbers.count(update.newEvents, "new event")), \(update.newNormalEvents) of them normal"
      ),
      ("network", update.tuned ? "learned on" : "as it was: it knew the new behaviour already"),
      ("old", "loss \(change(update.oldLoss, 4)) nats over what is remembered"),
      ("new", "loss \(change(update.newLoss, 4)) nats over what was learned"),
      ("threshold", "\(change(update.threshold, 2)) nats"),
      (
        "kinds",
        [
          list("new", update.newKinds), list("no candidates any more", update.promotedKinds),
          list("gone", update.retiredKinds),
        ].compactMap(\.self).joined(separator: "; ")
      ),
      (
        "drift",
        "\(Numbers.percent(update.drift.unseen)) of the \(unitNoun)s held new events, \(Numbers.percent(update.drift.unknown)) were of no known kind; the others' surprise was \(Numbers.fixed(update.drift.surprise, 3)) nats an event"
      ),
    ]
    if lines[5].1.isEmpty { lines[5].1 = "the same" }
    return "Update \(update.number)\n"
      + lines.map { name, line in
        "  " + name + String(repeating: " ", count: max(1, 14 - name.count)) + line + "\n"
      }.joined()
  }

  private var withheld: String {
    guard update.units.withheld > 0 else { return "" }
    return ", \(Numbers.grouped(update.units.withheld)) withheld for they are like a known kind"
  }

  private func change(_ value: UpdateDocument.Change, _ digits: Int) -> String {
    "\(Numbers.fixed(value.before, digits)) before, \(Numbers.fixed(value.after, digits)) after"
  }

  private func list(_ what: String, _ ids: [String]) -> String? {
    ids.isEmpty ? nil : "\(what): \(ids.joined(separator: ", "))"
  }
}
