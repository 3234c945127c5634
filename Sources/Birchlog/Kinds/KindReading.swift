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
    let differences = differences(of: kind)
    let excess =
      kind.isNormal
      ? nil
      : KindExcess(units(of: kind), profile: normal.counts, vocabulary: normal.vocabulary)
    let more = more(differences.evidence, excess: excess)
    let missing = differences.evidence.filter(\.isMissing).map { "“\(short($0.event))”" }
    let without = missing.first.map { ", without \($0)" } ?? ""
    if !more.isEmpty { return "with \(more.joined(separator: " and "))\(without)" }
    if let excess { return words(excess) + without }
    if !missing.isEmpty { return "ends without \(missing.prefix(2).joined(separator: " and "))" }
    if kind.isNormal { return "normal behaviour" }
    return differences.disorder.map(words) ?? "known events in an unexpected order or number"
  }

  /// What comes in a kind. An event that normal units hold too is told by its number, where that is what
  /// sets the kind apart.
  private func more(_ evidence: [Kind.Evidence], excess: KindExcess?) -> [String] {
    let more = evidence.filter { !$0.isMissing }
    let isNovel = more.contains { $0.normalShare < 0.05 }
    return (isNovel || excess == nil ? more : []).prefix(2).map { "“\(short($0.event))”" }
  }

  private func words(_ disorder: KindDisorder) -> String {
    "“\(short(disorder.event))” comes \(disorder.isLate ? "late, after" : "early, before") "
      + "“\(short(disorder.other))”"
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

  /// Characters of a template in a reading, and of one that is cut, how many may stand before what tells it
  /// from others.
  private static let (readingLength, readingLead) = (60, 14)

  /// A template as a sentence holds it. Wildcards say nothing there: those at either end go, the others
  /// become dots.
  private func short(_ event: Int32) -> String {
    let words = lines.template(of: event).split(separator: " ")
    let said = words.drop { $0 == "<*>" }
    let end = said.lastIndex { $0 != "<*>" }.map { $0 + 1 } ?? said.startIndex
    let core = (said[..<end].isEmpty ? words[...] : said[..<end]).joined(separator: " ")
    let whole = core.replacing("<*>", with: "…")
    guard whole.count > TemplateExcerpts.tableLength else { return whole }
    return excerpt(
      of: core, limit: Self.readingLength, lead: Self.readingLead,
      whole: TemplateExcerpts.tableLength
    ).replacing("<*>", with: "…")
  }
}
