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
    let told = cause(reasons.explanation)
    var sentences = [told?.sentence ?? "Much in this \(noun) is a little unusual."]
    if let expected = told?.place.flatMap(instead) { sentences.append(expected) }
    if let run = together(reasons.explanation, told: told?.place?.event) { sentences.append(run) }
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

  /// What decided, and the place that it speaks of: an event that normal behaviour never showed tells more than
  /// any number of known ones.
  private func cause(
    _ explanation: Explanation
  ) -> (sentence: String, place: Explanation.Evidence?)? {
    if let contrast = explanation.contrast.first {
      let events = contrast.events.map { "“\(short($0))”" }.joined(separator: " followed by ")
      return (
        "Nothing in it is very odd by itself, but \(events), \(times(contrast.occurrences)), is typical of the "
          + "unlabelled input of training rather than of normal behaviour.", nil
      )
    }
    let worst = explanation.evidence.first
    if let worst, worst.isUnseen, let event = worst.event {
      return (unseen(event, at: worst.position, explanation), worst)
    }
    if let count = explanation.counts.first, !count.isLack, count.occurrences > count.normalLargest,
      worst.map({ Double($0.surprise) < count.surprisal }) ?? true
    {
      return (
        "“\(short(count.event))” comes \(times(count.occurrences)), at most "
          + "\(times(count.normalLargest)) in normal behaviour.", nil
      )
    }
    guard let worst else { return nil }
    guard let event = worst.event else {
      return (
        "It ends where normal behaviour goes on (\(probability(worst.probability))).", worst
      )
    }
    return (
      "\(line(worst.position))“\(short(event))”, was not expected here "
        + "(\(probability(worst.probability))).", worst
    )
  }

  /// An event that normal behaviour never showed, and another such.
  private func unseen(_ event: Int32, at position: Int, _ explanation: Explanation) -> String {
    let isNew = explanation.unseen.contains(event)
    let words = isNew ? "comes nowhere in training" : "never comes in normal behaviour"
    let other = explanation.evidence.first { item in
      item.isUnseen && item.event != event
        && item.event.map(explanation.unseen.contains) == isNew
    }
    let also = other.flatMap { item in
      item.event.map { event in
        ", nor does “\(short(event))”"
          + (unit.line(at: item.position).map { " in line \($0)" } ?? "")
      }
    }
    return "\(line(position))“\(short(event))”, \(words)\(also ?? "")."
  }

  /// The stretch of events that decided together.
  private func together(_ explanation: Explanation, told: Int32?) -> String? {
    guard explanation.contrast.isEmpty, let run = explanation.run, run.isDecisive,
      run.last > run.first
    else { return nil }
    let isEnd = run.last >= unit.unit.events.count
    let events = run.last - run.first + (isEnd ? 0 : 1)
    var place = isEnd || events == 1 ? "" : " in a row"
    if let first = unit.line(at: run.first), let last = unit.line(at: run.last - (isEnd ? 1 : 0)) {
      place = first == last ? " of line \(first)" : " from line \(first) to \(last)"
    }
    let most = run.event.flatMap { event in
      if event != told {
        return ", most of all “\(short(event))”"
          + (run.occurrences > 1 ? ", \(times(run.occurrences))" : "")
      }
      return run.occurrences > 1 ? ", \(run.occurrences) of them this one" : nil
    }
    let what = (events == 1 ? "The event" : "\(events) events") + place
    return "\(what)\(isEnd ? " and the end" : "") are odd together\(most ?? "")."
  }

  private func instead(_ place: Explanation.Evidence) -> String? {
    guard let expected = place.expected.first, expected.probability >= 0.2 else { return nil }
    let words = expected.event.map { "“\(short($0))”" } ?? "the end"
    return "Expected was \(words) (\(Percentage.text(expected.probability)))."
  }

  private func line(_ position: Int) -> String {
    unit.line(at: position).map { "Line \($0), " } ?? ""
  }

  private func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }

  private func short(_ event: Int32) -> String {
    model.excerpt(of: template(of: event), limit: 100, lead: 40)
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
