/// What an update learns as normal: units known to be, and of the others those that the model does not call
/// anomalous.
///
/// Of these, units that are like a known kind of anomaly are *withheld*: were a fault that passes below the
/// threshold learned as normal, the next ones would pass more easily, until all of its kind do. Only kinds
/// that speak of anomalies withhold anything, though. What is like a kind that is mostly normal behaviour,
/// and were left out, would become ever rarer among what is learned, until all of it is called anomalous.
struct FreshNormal {
  typealias Example = NormalMemory.Example

  /// What is learned, each different unit once.
  private(set) var units: [Example] = []
  /// The part of each that was said to be normal.
  private(set) var saidShares: [Double] = []
  /// Units of unlabelled input that the model calls anomalous; what an operator marked as harmless is none.
  let odd: Int
  /// The share of the learned units that the model calls anomalous.
  private(set) var oddShare = 0.0
  /// Normal units that are expected among what the model calls anomalous and was not said to be normal: no
  /// sample of what is learned speaks for them.
  private(set) var lost = 0.0
  /// Units that are withheld, and the place of the kind that they are like among the found ones.
  private(set) var withheld: [(unit: Unit, count: Int, kind: Int)] = []

  /// - Parameter scores: of the store's units, by the model.
  init(
    _ store: UnitStore, scores: [UnitScore], base: Model, threads: Int
  ) throws(BirchlogError) {
    odd = base.anomalousUnits(of: store, scores: scores)
    let detection = base.detection
    let speaks = try Self.kindsThatSpeak(base, threads: threads)
    var (oddNormal, learned, learnedMixed) = (0.0, 0.0, 0.0)
    for (entry, score) in zip(store.entries, scores) {
      var counts = entry.normal
      if detection.isAnomalous(score) {
        oddNormal += Double(entry.normalCount)
      } else if entry.mixedCount > 0 {
        let kind = base.resembledAnomaly(base.space.signature(of: entry.unit, score: score))
        if let kind, speaks[kind] {
          withheld.append((entry.unit, entry.mixedCount, kind))
        } else {
          counts &+= entry.mixed
          learnedMixed += Double(entry.mixedCount)
        }
      }
      let example = Example(unit: entry.unit, counts: counts)
      guard example.count > 0 else { continue }
      units.append(example)
      saidShares.append(Double(entry.normalCount) / example.count)
      learned += example.count
    }
    oddShare = oddNormal / max(learned, 1)
    let rate = min(base.threshold.measuredRate, base.threshold.targetRate)
    lost = min(Double(odd), learnedMixed * rate / (1 - rate))
  }

  /// A kind speaks of anomalies where it is more than so many times as frequent, against normal kinds, as
  /// what is like it in remembered normal behaviour: where more than half of it is not explained by that.
  private static let leastOdds = 2.0

  /// For each found kind, whether it speaks of anomalies.
  private static func kindsThatSpeak(
    _ base: Model, threads: Int
  ) throws(BirchlogError) -> [Bool] {
    let examples = base.memory.examples
    let scores = try base.normal.score(examples.map(\.unit), threads: threads, standing: .learned)
    var (alike, others) = ([Double](repeating: 0, count: base.found.count), 0.0)
    for (example, score) in zip(examples, scores) {
      let signature = base.space.signature(of: example.unit, score: score)
      if let kind = base.resembledAnomaly(signature) {
        alike[kind] += example.count
      } else {
        others += example.count
      }
    }
    let normal = base.found.reduce(0) { $1.isNormal ? $0 + $1.size : $0 }
    return zip(base.found, alike).map {
      Double($0.size) * others > leastOdds * $1 * Double(normal)
    }
  }
}
