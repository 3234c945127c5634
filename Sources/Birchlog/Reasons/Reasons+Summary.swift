extension Finding {
  /// The verdict in a few sentences that can be passed on.
  func summary(_ reasons: Reasons) -> String {
    // Where no end is ever judged, that says nothing of this one.
    guard unit.isOpen, unit.isFinal, model.record.scoresEnds, !mayChange(reasons.explanation)
    else { return verdictText(reasons) }
    return verdictText(reasons)
      + " It was still open when the input ended, so its end was not judged."
  }

  /// Whether what is yet to come of an open session may change the verdict.
  private func mayChange(_ explanation: Explanation) -> Bool {
    model.record.scoresEnds && unit.isOpen && unit.isFinal && verdict.isAnomalous
      && (cause(explanation) == nil || !explanation.missing.isEmpty)
  }

  private func verdictText(_ reasons: Reasons) -> String {
    let noun = model.unitKind == .window ? "window" : "session"
    if verdict.isMarked, let kind = verdict.kind.map({ model.kinds[$0] }) {
      return "This \(noun) counts as normal because an operator marked its kind \(kind.id)"
        + "\(kind.name.map { " “\($0)”" } ?? "") so: it scores \(scores.own), the threshold is "
        + "\(scores.limit)."
    }
    guard verdict.isAnomalous else {
      return "This \(noun) is normal: it scores \(scores.own), the threshold is \(scores.limit)."
    }
    var sentences = [cause(reasons.explanation) ?? "Much in this \(noun) is a little unusual."]
    if let expected = instead(reasons.explanation) { sentences.append(expected) }
    if let missing = reasons.explanation.missing.first, unit.isFinal {
      sentences.append(
        "“\(short(missing.event))” is missing; \(Percentage.text(missing.normalShare)) of normal "
          + "\(noun)s have it.")
    }
    if mayChange(reasons.explanation) {
      sentences.append(
        "The session is still open where the log ends; what is yet to come may change that.")
    }
    if let kind = verdict.kind.map({ model.kinds[$0] }) {
      sentences.append("It is of kind \(kind.id)\(kind.name.map { " “\($0)”" } ?? "").")
    } else {
      sentences.append("It is of no known kind.")
    }
    return sentences.joined(separator: " ")
  }

  private func cause(_ explanation: Explanation) -> String? {
    if let contrast = explanation.contrast.first {
      let events = contrast.events.map { "“\(short($0))”" }.joined(separator: " followed by ")
      let times = contrast.occurrences == 1 ? "once" : "\(contrast.occurrences) times"
      return "Nothing in it is very odd by itself, but \(events), \(times), is typical of the "
        + "unlabelled input of training rather than of normal behaviour."
    }
    if let count = explanation.counts.first, !count.isLack, count.occurrences > count.normalLargest,
      explanation.evidence.first.map({ Double($0.surprise) < count.surprisal }) ?? true
    {
      return "“\(short(count.event))” comes \(count.occurrences) times, at most "
        + "\(count.normalLargest) times in normal behaviour."
    }
    if let run = explanation.run, run.isDecisive, run.last > run.first {
      let events = run.last - run.first + 1
      if let first = unit.line(at: run.first), let last = unit.line(at: run.last) {
        return "\(events) events from line \(first) to \(last) are odd together."
      }
      return "\(events) events in a row are odd together."
    }
    guard let worst = explanation.evidence.first else { return nil }
    guard let event = worst.event else {
      return "It ends where normal behaviour goes on (\(probability(worst.probability)))."
    }
    let place = unit.line(at: worst.position).map { "Line \($0), " } ?? ""
    let what = "\(place)“\(short(event))”"
    if worst.isUnseen { return "\(what), never comes in normal behaviour." }
    return "\(what), was not expected here (\(probability(worst.probability)))."
  }

  private func instead(_ explanation: Explanation) -> String? {
    guard let expected = explanation.evidence.first?.expected.first, expected.probability >= 0.2
    else { return nil }
    let words = expected.event.map { "“\(short($0))”" } ?? "the end"
    return "Expected was \(words) (\(Percentage.text(expected.probability)))."
  }

  private func short(_ event: Int32) -> String {
    let text = template(of: event)
    return text.count > 72 ? text.prefix(71) + "…" : text
  }

  /// The score and the threshold, with as many digits as it takes to tell them apart.
  private var scores: (own: String, limit: String) {
    func text(_ value: Double, _ scale: Double) -> String {
      let rounded = (value * scale).rounded() / scale
      return rounded.isFinite ? "\(rounded)" : "much"
    }
    var scale = 10.0
    while scale < 10_000, text(verdict.score, scale) == text(threshold, scale) { scale *= 10 }
    if text(verdict.score, scale) == text(threshold, scale) { scale = 10 }
    return (text(verdict.score, scale), text(threshold, scale))
  }

  private func probability(_ value: Double) -> String {
    guard value.isFinite, value > 1e-9 else { return "less than 1 in a billion" }
    return value < 0.001 ? "1 in \(Int((1 / value).rounded()))" : Percentage.text(value)
  }
}
