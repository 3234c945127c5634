/// A decoded sequence made short: equal events in a row become one step, and what is far from the decisive one becomes a gap.
struct SampleSteps {
  /// One line of a sample.
  enum Step {
    case event(event: Int, template: String, repeats: Int, isDecisive: Bool)
    /// So many events left out.
    case gap(Int)
  }

  /// All steps, none left out.
  let all: [Step]

  init(_ sample: KindsDocument.Sample) {
    var steps: [Step] = []
    let templates = sample.templates ?? []
    for (position, id) in sample.events.enumerated() {
      let template = position < templates.count ? templates[position] : "event \(id)"
      let isDecisive = position == sample.decisive
      if case .event(id, template, let repeats, let wasDecisive)? = steps.last {
        steps[steps.count - 1] = .event(
          event: id, template: template, repeats: repeats + 1, isDecisive: wasDecisive || isDecisive
        )
      } else {
        steps.append(.event(event: id, template: template, repeats: 1, isDecisive: isDecisive))
      }
    }
    // The end of a session can be what decided; it has no event of its own.
    if let decisive = sample.decisive, decisive == sample.events.count {
      steps.append(.event(event: -1, template: "(end of session)", repeats: 1, isDecisive: true))
    }
    all = steps
  }

  /// At most about `limit` steps: the first two, and those around the decisive one.
  func shown(around limit: Int) -> [Step] {
    guard all.count > limit else { return all }
    let decisive = all.firstIndex {
      if case .event(_, _, _, true) = $0 { true } else { false }
    }
    let centre = decisive ?? 0
    let start = min(max(2, centre - limit / 2), all.count - (limit - 2))
    let end = min(all.count, start + limit - 2)
    var steps = Array(all.prefix(2))
    if start > 2 { steps.append(.gap(count(all[2..<start]))) }
    steps += all[start..<end]
    if end < all.count { steps.append(.gap(count(all[end...]))) }
    return steps
  }

  private func count(_ steps: ArraySlice<Step>) -> Int {
    steps.reduce(0) { total, step in
      if case .event(_, _, let repeats, _) = step { total + repeats } else { total }
    }
  }
}
