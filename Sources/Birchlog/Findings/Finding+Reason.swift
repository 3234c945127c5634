extension Finding {
  /// Characters of a template that a reason shows, and of one that is cut, how many may stand before what tells
  /// it from others.
  private static let (reasonLength, reasonLead) = (100, 12)

  /// What decided, in a few words for a table.
  func reason(_ explanation: Explanation) -> String {
    switch cause(explanation) {
    case .unseen(let event, _): words(event)
    case .contrast(let contrast): contrast.events.map(words).joined(separator: " followed by ")
    case .excess(let count):
      "\(count.occurrences) × \(words(count.event)) (at most \(count.normalLargest))"
    case .lack(let event, let occurrences):
      occurrences == 0 ? "missing: \(words(event))" : "only \(occurrences) × \(words(event))"
    case .event(let evidence): evidence.event.map(words) ?? LineModel.endOfSession
    case nil: ""
    }
  }

  private func words(_ event: Int32) -> String {
    model.excerpt(
      of: template(of: event), limit: Self.reasonLength, lead: Self.reasonLead,
      whole: TemplateExcerpts.tableLength)
  }
}
