extension Finding {
  /// Characters of a template that a reason shows, and how many may stand before what tells it from others.
  private static let (reasonLength, reasonLead) = (100, 12)

  /// What decided, in a few words for a table: an event that normal behaviour never showed, one that came
  /// too often, one that is missing, else the most surprising one.
  func reason(_ explanation: Explanation) -> String {
    let worst = explanation.evidence.first
    if let worst, worst.isUnseen, let event = worst.event { return words(event) }
    if let count = explanation.counts.first, !count.isLack, count.normalLargest > 0,
      count.occurrences > count.normalLargest,
      count.surprisal > worst.map({ Double($0.surprise) }) ?? 0
    {
      return "\(count.occurrences) × \(words(count.event)) (at most \(count.normalLargest))"
    }
    // What came in the place of an event that is missing is not what is odd; an end comes in the
    // place of them all.
    let expected = Set((worst?.expected ?? []).compactMap(\.event))
    let absent = explanation.missing.first { worst?.event == nil || expected.contains($0.event) }
    if unit.isFinal, let absent { return "missing: " + words(absent.event) }
    guard let worst else { return "" }
    return worst.event.map(words) ?? LineModel.endOfSession
  }

  private func words(_ event: Int32) -> String {
    model.excerpt(of: template(of: event), limit: Self.reasonLength, lead: Self.reasonLead)
  }
}
