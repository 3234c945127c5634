import Glibc

/// Detectors that need no network, on the same sessions: does the deep part earn its place?
///
/// They learn from the same normal behaviour, as far as the model remembers it: its distinct normal
/// units, the most frequent first.
struct Baselines {
  /// What a detector is called and which units it calls anomalous.
  struct Answer {
    var name: String
    var isAnomalous: [Bool]
    /// The higher the odder.
    var scores: [Double]
  }

  /// Normal units known; the tables of lengths and counts come from them.
  let known: Int
  private let model: Model
  private let lengths: ClosedRange<Int>
  private let profiles: Set<[Int32]>

  /// Share of the units that the length's range may leave outside, on both sides together: what
  /// training allowed for false positives.
  init(model: Model) {
    self.model = model
    let normal = model.examples.filter {
      model.kinds.indices.contains($0.kind) && model.kinds[$0.kind].isNormal
    }
    known = normal.count
    profiles = Set(normal.map { Self.counts($0.unit) })
    let sorted = normal.map { (length: $0.unit.body.count, count: $0.count) }
      .sorted { $0.length < $1.length }
    let total = sorted.reduce(0) { $0 + $1.count }
    let allowed = Double(total) * model.options.falsePositiveRate / 2
    func limit(_ items: [(length: Int, count: Int)]) -> Int {
      var outside = 0.0
      for item in items {
        outside += Double(item.count)
        if outside > allowed { return item.length }
      }
      return items.last?.length ?? 0
    }
    let (low, high) = (limit(sorted), limit(sorted.reversed()))
    lengths = min(low, high)...max(low, high)
  }

  /// Verdicts of every detector on units, in order.
  func answers(_ units: [Unit], threads: Int) throws(BirchlogError) -> [Answer] {
    let vocabulary = model.normal.vocabulary
    let unseen = units.map { unit in
      unit.body.reduce(0) { $0 + (vocabulary.token(of: $1) == vocabulary.unseen ? 1 : 0) }
    }
    let outside = units.map { unit in
      max(lengths.lowerBound - unit.body.count, unit.body.count - lengths.upperBound)
    }
    let ranks = try model.normal.score(units, threads: threads).map(\.worstRank)
    var answers = [
      Answer(
        name: "new event", isAnomalous: unseen.map { $0 > 0 }, scores: unseen.map(Double.init)),
      Answer(
        name: "session length", isAnomalous: outside.map { $0 > 0 },
        scores: outside.map(Double.init)),
      Answer(
        name: "top-\(model.options.topG)", isAnomalous: ranks.map { $0 > model.options.topG },
        scores: ranks.map(Double.init)),
    ]
    let isNew = units.map { !profiles.contains(Self.counts($0)) }
    answers.insert(
      Answer(name: "new count vector", isAnomalous: isNew, scores: isNew.map { $0 ? 1 : 0 }), at: 2)
    return answers
  }

  /// The events of a unit without their order.
  private static func counts(_ unit: Unit) -> [Int32] { unit.body.sorted() }
}
