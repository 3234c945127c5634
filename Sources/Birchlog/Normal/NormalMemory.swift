/// What a model remembers of normal behaviour, so that an update neither forgets it nor has to guess
/// where the threshold lies; bounded.
public struct NormalMemory: Sendable, Equatable {
  /// A distinct unit of normal behaviour and how often each fold of cross-fitting had it.
  struct Example: Sendable, Equatable {
    var unit: Unit
    var counts: UnitStore.FoldCounts
    var count: Double { Double(counts.wrappedSum()) }

    /// The example with its counts multiplied.
    func scaled(by factor: Double) -> Example {
      var example = self
      for fold in 0..<UnitStore.foldCount {
        let count = (Double(counts[fold]) * factor).rounded()
        example.counts[fold] = Int64(min(count, Double(NormalMemory.countLimit)))
      }
      return example
    }
  }

  /// Units that stand for what was learned.
  var examples: [Example] = []
  /// The signs of normal units, scored by models that had not seen them.
  var samples: [Threshold.Sample] = []
  /// What was usual of the behaviour that each of the latest updates brought. Among all samples it may
  /// weigh little, though it is what comes from then on.
  private(set) var usual: [UsualSurprise] = []

  private static let unitLimit = 8_192
  private static let eventLimit = 1 << 19
  private static let sampleLimit = 4_096
  /// Two groups of each update; a week of daily ones is covered.
  private static let usualLimit = 16
  /// Largest count of one example or sample: sums of them stay far from overflow.
  private static let countLimit = 1 << 40

  init() {}

  /// Keeps what the limits allow: of the units the most frequent, and of the rest a sample whose counts
  /// speak for those left out; of the samples the highest, which decide where the threshold lies.
  /// Of what was usual it keeps the latest.
  init(examples: [Example], samples: [Threshold.Sample], usual: [UsualSurprise] = []) {
    self.examples = Self.bounded(examples)
    self.samples = Self.bounded(samples)
    self.usual = Array(
      usual.filter { $0.units >= UsualSurprise.fewestUnits }.suffix(Self.usualLimit))
  }

  var isEmpty: Bool { examples.isEmpty }

  /// What is remembered when it weighs only `factor` as much as before; what has faded goes.
  func aged(by factor: Double) -> NormalMemory {
    guard factor < 1 else { return self }
    var aged = self
    aged.examples = examples.compactMap { example in
      let example = example.scaled(by: factor)
      return example.count > 0 ? example : nil
    }
    aged.samples = samples.compactMap { sample in
      var sample = sample
      sample.count = Int((Double(sample.count) * factor).rounded())
      return sample.count > 0 ? sample : nil
    }
    aged.usual = usual.compactMap { group in
      var group = group
      group.units *= factor
      return group.units >= UsualSurprise.fewestUnits ? group : nil
    }
    return aged
  }

  /// Normal units that the samples stand for.
  var sampledUnits: Int { samples.reduce(0) { $0 + $1.count } }

  /// Normal units behind a threshold that no sample speaks for: those that mixed input lost with the
  /// anomalies.
  func lostUnits(behind threshold: Threshold) -> Double {
    Double(max(0, threshold.units - sampledUnits))
  }

  private static func bounded(_ examples: [Example]) -> [Example] {
    let events = examples.reduce(0) { $0 + $1.unit.events.count }
    guard examples.count > unitLimit || events > eventLimit else { return examples }
    let order = examples.indices.sorted {
      examples[$0].count != examples[$1].count ? examples[$0].count > examples[$1].count : $0 < $1
    }
    var kept = Set<Int>()
    var held = 0
    func take(_ indices: some Sequence<Int>, units: Int, events: Int) {
      for index in indices where kept.count < units {
        let size = examples[index].unit.events.count
        guard held + size <= events else { continue }
        kept.insert(index)
        held += size
      }
    }
    take(order, units: unitLimit / 2, events: eventLimit / 2)
    let frequent = kept
    let rest = order.filter { !frequent.contains($0) }
    take(
      rest.sorted { examples[$0].unit.stableHash < examples[$1].unit.stableHash },
      units: unitLimit, events: eventLimit)
    let whole = rest.reduce(0) { $0 + examples[$1].count }
    let sampled = rest.reduce(0) { $0 + (kept.contains($1) ? examples[$1].count : 0) }
    let factor = sampled > 0 ? whole / sampled : 1
    return kept.sorted().map { index in
      frequent.contains(index) ? examples[index] : examples[index].scaled(by: factor)
    }
  }

  private static func bounded(_ samples: [Threshold.Sample]) -> [Threshold.Sample] {
    guard samples.count > sampleLimit else { return samples }
    let byPeak = samples.sorted { $0.peak > $1.peak }
    let byAverage = byPeak.dropFirst(sampleLimit / 2).sorted { $0.average > $1.average }
    var kept = Array(byPeak.prefix(sampleLimit / 2) + byAverage.prefix(sampleLimit / 4))
    let byRun = byAverage.dropFirst(sampleLimit / 4).sorted { $0.run > $1.run }
    kept += byRun.prefix(sampleLimit / 16)
    let byContrast = byRun.dropFirst(sampleLimit / 16).sorted { $0.contrast > $1.contrast }
    kept += byContrast.prefix(sampleLimit / 16)
    // What lies under all tails is summed up in strata of the average: mean and spread stay.
    let rest = byContrast.dropFirst(sampleLimit / 16).sorted { $0.average > $1.average }
    let strata = sampleLimit - kept.count
    for stratum in 0..<strata {
      let own = rest[(stratum * rest.count / strata)..<((stratum + 1) * rest.count / strata)]
      let count = own.reduce(0) { $0 + $1.count }
      guard count > 0 else { continue }
      let average = own.reduce(0.0) { $0 + $1.average * Double($1.count) } / Double(count)
      kept.append(
        .init(
          peak: own.reduce(0) { max($0, $1.peak) }, average: average,
          run: own.reduce(0) { max($0, $1.run) },
          contrast: own.reduce(-.greatestFiniteMagnitude) { max($0, $1.contrast) }, count: count))
    }
    return kept
  }
}

extension NormalMemory {
  private static let prefix = "normal.memory."
  /// Context count, tail, and a count for each fold.
  private static let fieldCount = 2 + UnitStore.foldCount

  func tensors() -> [StoredTensor] {
    var runs = UnitRuns()
    var fields: [Int64] = []
    for example in examples {
      runs.add(example.unit)
      fields += UnitRuns.fields(of: example.unit)
      for fold in 0..<UnitStore.foldCount { fields.append(example.counts[fold]) }
    }
    return runs.tensors(prefix: Self.prefix) + [
      StoredTensor(
        name: Self.prefix + "fields", shape: [examples.count, Self.fieldCount], int64s: fields),
      StoredTensor(
        name: Self.prefix + "samples", shape: [samples.count, 5],
        doubles: samples.flatMap { [$0.peak, $0.average, Double($0.count), $0.run, $0.contrast] }),
      StoredTensor(
        name: Self.prefix + "usual", shape: [usual.count, 3],
        doubles: usual.flatMap { [$0.units, $0.mean, $0.deviation] }),
    ]
  }

  /// Reads what ``tensors()`` wrote; nil when the parts do not fit together.
  init?(_ file: SafetensorsFile) {
    guard let events = file.tensor(Self.prefix + "events")?.int32s, events.allSatisfy({ $0 >= 0 }),
      let offsets = file.tensor(Self.prefix + "offsets")?.int64s,
      let runs = UnitRuns(events: events, offsets: offsets),
      let fields = file.tensor(Self.prefix + "fields")?.int64s,
      fields.count == runs.count * Self.fieldCount,
      let signs = file.tensor(Self.prefix + "samples"), let width = signs.shape.last,
      // Older files know no runs and no contrast.
      width == 3 || width == 5, let values = signs.doubles, values.count % width == 0,
      values.count <= width * Self.sampleLimit, runs.count <= Self.unitLimit,
      values.allSatisfy(\.isFinite)
    else { return nil }
    for index in 0..<runs.count {
      let row = fields[(index * Self.fieldCount)..<((index + 1) * Self.fieldCount)]
      guard let unit = runs.unit(index, fields: row.prefix(2)),
        row.dropFirst(2).allSatisfy({ (0...Int64(Self.countLimit)).contains($0) })
      else { return nil }
      var counts = UnitStore.FoldCounts()
      for (fold, value) in row.dropFirst(2).enumerated() { counts[fold] = value }
      examples.append(Example(unit: unit, counts: counts))
    }
    for start in stride(from: 0, to: values.count, by: width) {
      guard let count = Int(exactly: values[start + 2]), (1...Self.countLimit).contains(count)
      else {
        return nil
      }
      samples.append(
        .init(
          peak: values[start], average: values[start + 1],
          run: width > 3 ? values[start + 3] : 0, contrast: width > 3 ? values[start + 4] : 0,
          count: count))
    }
    // Older files do not know what was usual of which update.
    guard let values = file.tensor(Self.prefix + "usual")?.doubles else { return }
    guard values.count % 3 == 0, values.count <= 3 * Self.usualLimit,
      values.allSatisfy({ (0...Double(Self.countLimit)).contains($0) })
    else { return nil }
    for start in stride(from: 0, to: values.count, by: 3) {
      usual.append(
        .init(units: values[start], mean: values[start + 1], deviation: values[start + 2]))
    }
  }
}
