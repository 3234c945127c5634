/// What decided over a unit: the one thing that its reason and its summary name first.
enum Cause {
  /// An event that normal behaviour never showed, and its position.
  case unseen(Int32, position: Int)
  /// What is typical of unlabelled units, where nothing is odd enough by itself.
  case contrast(Explanation.Contrast)
  /// An event that came too often.
  case excess(Explanation.Count)
  /// An event that is missing, or came too rarely.
  case lack(Int32, occurrences: Int)
  /// The most surprising event, or the end.
  case event(Explanation.Evidence)
}

extension Cause {
  /// The event of the place that it speaks of.
  var place: Int32? {
    switch self {
    case .unseen(let event, _): event
    case .event(let evidence): evidence.event
    default: nil
    }
  }

  /// The event that came too rarely.
  var lack: Int32? {
    guard case .lack(let event, _) = self else { return nil }
    return event
  }
}

extension Finding {
  /// What decided; nil where the unit has no event.
  ///
  /// An event that normal behaviour never showed tells more than any number of known ones.
  func cause(_ explanation: Explanation) -> Cause? {
    let worst = explanation.evidence.first
    if let worst, worst.isUnseen, let event = worst.event {
      return .unseen(event, position: worst.position)
    }
    if let contrast = explanation.contrast.first { return .contrast(contrast) }
    if let count = explanation.counts.first,
      count.surprisal > worst.map({ Double($0.surprise) }) ?? 0
    {
      if count.isLack, unit.isFinal {
        return .lack(count.event, occurrences: count.occurrences)
      }
      if !count.isLack, count.occurrences > count.normalLargest {
        guard count.normalLargest == 0, let position = unit.unit.body.firstIndex(of: count.event)
        else { return .excess(count) }
        return .unseen(count.event, position: position)
      }
    }
    // What came in the place of an event that is missing is not what is odd; an end comes in the
    // place of them all.
    let expected = Set((worst?.expected.prefix(Model.expectedCount) ?? []).compactMap(\.event))
    let absent = explanation.missing.first { worst?.event == nil || expected.contains($0.event) }
    if unit.isFinal, let absent { return .lack(absent.event, occurrences: 0) }
    return worst.map { .event($0) }
  }
}
