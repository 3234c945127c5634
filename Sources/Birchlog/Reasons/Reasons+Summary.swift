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
      && (cause(explanation) == nil || cause(explanation)?.lack != nil
        || !explanation.missing.isEmpty)
  }

  private func verdictText(_ reasons: Reasons) -> String {
    if verdict.isMarked, let kind = verdict.kind.map({ model.kinds[$0] }) {
      return "This \(noun) counts as normal because an operator marked its kind \(kind.id)"
        + "\(kind.name.map { " “\($0)”" } ?? "") so: it scores \(scores.own), the threshold is "
        + "\(scores.limit)."
    }
    guard verdict.isAnomalous else {
      return "This \(noun) is normal: it scores \(scores.own), the threshold is \(scores.limit)."
    }
    let explanation = reasons.explanation
    let cause = cause(explanation)
    var sentences =
      cause.map { told($0, explanation) } ?? ["Much in this \(noun) is a little unusual."]
    if let run = together(explanation, told: cause?.place) { sentences.append(run) }
    let lack = cause?.lack
    if let missing = explanation.missing.first(where: { $0.event != lack }), unit.isFinal {
      sentences.append(
        "“\(short(missing.event))” is missing\(lack == nil ? "" : " too"); "
          + "\(Percentage.text(missing.normalShare)) of normal \(noun)s have it.")
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

  /// What decided, and what was expected in its place.
  private func told(_ cause: Cause, _ explanation: Explanation) -> [String] {
    switch cause {
    case .unseen(let event, let position):
      let place = explanation.evidence.first { $0.position == position }
      return [unseen(event, at: position, explanation)] + (place.map { instead($0) } ?? [])
    case .contrast(let contrast):
      let events = contrast.events.map { "“\(short($0))”" }.joined(separator: " followed by ")
      return [
        "Nothing in it is very odd by itself, but \(events), \(times(contrast.occurrences)), is typical of the "
          + "unlabelled input of training rather than of normal behaviour."
      ]
    case .excess(let count):
      return [
        "“\(short(count.event))” comes \(times(count.occurrences)), at most "
          + "\(times(count.normalLargest)) in normal behaviour."
      ]
    case .lack(let event, let occurrences):
      // What came instead says where the event is missing, unless that was to be expected too.
      let place = explanation.evidence.first { !$0.isLikeliest }
      return [lacking(event, occurrences: occurrences)]
        + (place.map { said($0, lack: event) } ?? [])
    case .event(let evidence):
      return said(evidence)
    }
  }

  /// What is odd about an event or the end, and what was expected in its place.
  ///
  /// - Parameter lack: an event that was said to be missing.
  private func said(_ place: Explanation.Evidence, lack: Int32? = nil) -> [String] {
    let share = "(\(probability(place.probability)))"
    if place.isLikeliest {
      let what =
        place.event.map { event in
          "“\(short(event))”" + (unit.line(at: place.position).map { " in line \($0)" } ?? "")
        } ?? "its end"
      return ["Much in this \(noun) is a little unusual, most of all \(what) \(share)."]
    }
    let sentence = place.event.map {
      "\(line(place.position))“\(short($0))”, was not expected here \(share)."
    }
    return [sentence ?? "It ends where normal behaviour goes on \(share)."]
      + instead(place, lack: lack)
  }

  private func lacking(_ event: Int32, occurrences: Int) -> String {
    guard occurrences == 0 else {
      return
        "“\(short(event))” comes only \(times(occurrences)), which is rare in normal behaviour."
    }
    guard let column = model.normal.vocabulary.column(of: event),
      model.space.normalShare.indices.contains(column)
    else { return "“\(short(event))” is missing." }
    return
      "“\(short(event))” is missing; \(Percentage.text(model.space.normalShare[column])) of normal "
      + "\(noun)s have it."
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

  /// - Parameter lack: an event that was said to be missing.
  private func instead(_ place: Explanation.Evidence, lack: Int32? = nil) -> [String] {
    guard let expected = place.expected.first, expected.probability >= 0.2,
      expected.probability > place.probability, expected.event == nil || expected.event != lack
    else { return [] }
    let words = expected.event.map { "“\(short($0))”" } ?? "the end"
    return ["Expected was \(words) (\(Percentage.text(expected.probability)))."]
  }

  private var noun: String { model.unitKind == .window ? "window" : "session" }

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
