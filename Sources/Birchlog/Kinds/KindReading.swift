/// How often an event comes in the units of a kind, where that is more than in normal ones.
struct KindExcess {
  var event: Int32
  /// Fewest and most occurrences in the units that have too many.
  var range: ClosedRange<Int>
  /// Most occurrences in nearly all normal units.
  var usual: Int

  /// Normal units that may hold more than ``usual``.
  private static let tolerance = 0.005
  /// Units of the kind that hold more than that, at least.
  private static let smallestShare = 0.75

  /// The event that sets a kind apart by its number, nil where there is none.
  ///
  /// - Parameter units: units of the kind, and how often each came.
  init?(
    _ units: [(body: ArraySlice<Int32>, count: Int)], profile: CountProfile, vocabulary: Vocabulary
  ) {
    let total = units.reduce(0) { $0 + $1.count }
    guard total > 0 else { return nil }
    var best: (factor: Double, excess: KindExcess)?
    for (column, event) in vocabulary.knownEvents.enumerated() where profile.share(of: column) > 0 {
      let usual = profile.usualCount(of: column, tolerance: Self.tolerance)
      let held = units.map { unit in
        (occurrences: unit.body.count { $0 == event }, count: unit.count)
      }.filter { $0.occurrences > usual }
      guard
        Double(held.reduce(0) { $0 + $1.count }) >= Self.smallestShare * Double(total),
        let least = held.map(\.occurrences).min(), let most = held.map(\.occurrences).max()
      else { continue }
      let factor = Double(least) / Double(max(usual, 1))
      guard factor > best?.factor ?? 0 else { continue }
      best = (factor, KindExcess(event: event, range: least...most, usual: usual))
    }
    guard let best else { return nil }
    self = best.excess
  }

  private init(event: Int32, range: ClosedRange<Int>, usual: Int) {
    (self.event, self.range, self.usual) = (event, range, usual)
  }
}

extension CountProfile {
  /// The smallest number of occurrences that no more than a share of normal units exceeds.
  func usualCount(of column: Int, tolerance: Double) -> Int {
    guard columns.indices.contains(column) else { return 0 }
    let beyond = columns[column].first { $0.atLeast <= tolerance * total }
    guard let beyond else { return largestCount(of: column) }
    return Int(columns[column].last { $0.count < beyond.count }?.count ?? 0)
  }
}

extension Model {
  /// One line in which an operator may recognise the kind.
  func reading(of kind: Kind) -> String {
    if kind.isNormal, !options.largestKindIsNormal { return "normal behaviour" }
    let excess = kind.isNormal ? nil : excess(of: kind)
    // An event that normal units hold too is told by its number.
    let more = kind.evidence.filter {
      !$0.isMissing && ($0.normalShare < 0.05 || excess?.event != $0.event)
    }.prefix(2).map { "“\(short($0.event))”" }
    let missing = kind.evidence.filter(\.isMissing).prefix(more.isEmpty ? 2 : 1).map {
      "“\(short($0.event))”"
    }
    switch (more.isEmpty, missing.isEmpty) {
    case (false, true): return "with \(more.joined(separator: " and "))"
    case (false, false):
      return
        "with \(more.joined(separator: " and ")), without \(missing.joined(separator: " and "))"
    case (true, false):
      return excess.map { "\(words($0)), without \(missing[0])" }
        ?? "ends without \(missing.joined(separator: " and "))"
    case (true, true):
      if let excess { return words(excess) }
      return kind.isNormal ? "normal behaviour" : "known events in an unexpected order or number"
    }
  }

  private func words(_ excess: KindExcess) -> String {
    let range = excess.range
    let times =
      range.count > 1
      ? "\(range.lowerBound) to \(range.upperBound) times" : "\(range.lowerBound) times"
    return
      "“\(short(excess.event))” comes \(times == "1 times" ? "once" : times), normally "
      + (excess.usual == 0 ? "hardly ever" : "at most \(excess.usual)")
  }

  /// What the kind's remembered units hold too often.
  private func excess(of kind: Kind) -> KindExcess? {
    let place = kinds.firstIndex { $0.id == kind.id }
    var units = examples.filter { $0.kind == place }.map {
      (body: ArraySlice($0.unit.body), count: $0.count)
    }
    if units.isEmpty { units = kind.samples.map { (body: $0.events[...], count: $0.count) } }
    return KindExcess(units, profile: normal.counts, vocabulary: normal.vocabulary)
  }

  private func short(_ event: Int32) -> String {
    // Wildcards say nothing in a sentence: those at either end go, the others become dots.
    let words = lines.template(of: event).split(separator: " ")
    let said = words.drop { $0 == "<*>" }
    let end = said.lastIndex { $0 != "<*>" }.map { $0 + 1 } ?? said.startIndex
    let core = said[..<end].map { $0.replacing("<*>", with: "…") }
    let text = core.isEmpty ? words.joined(separator: " ") : core.joined(separator: " ")
    guard text.count > 60 else { return text }
    return text.prefix(59) + "…"
  }
}
