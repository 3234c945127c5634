import Testing

@testable import Birchlog

@Suite struct UpdateTests {
  private static func unit(_ number: Int) -> Unit {
    Unit(
      events: (0..<(3 + number % 5)).map { Int32(truncatingIfNeeded: number / (1 + $0) % 97) },
      tail: .end)
  }

  @Test func aFullStoreKeepsASampleWithExactCounts() {
    var store = UnitStore(limit: .init(units: 100, events: 10_000))
    var whole = UnitStore()
    for round in 0..<3 {
      for number in 0..<2_000 where number % (round + 1) == 0 {
        store.add(Self.unit(number), isNormal: round == 0, fold: number % 4)
        whole.add(Self.unit(number), isNormal: round == 0, fold: number % 4)
      }
    }
    #expect(store.entries.count <= 100)
    #expect(store.entries.count >= 30)
    #expect(store.sampledShare < 1)
    let exact = Dictionary(uniqueKeysWithValues: whole.entries.map { ($0.unit, $0) })
    for entry in store.entries {
      #expect(entry.normal == exact[entry.unit]?.normal)
      #expect(entry.mixed == exact[entry.unit]?.mixed)
    }
    // A sample of a share of the units stands for about that share.
    let expected = Double(whole.entries.count) * store.sampledShare
    #expect(abs(Double(store.entries.count) - expected) < 5 * expected.squareRoot())
  }

  @Test func aStoreWithinItsLimitKeepsEverything() {
    var store = UnitStore(limit: .init(units: 100, events: 10_000))
    for number in 0..<90 { store.add(Unit(events: [Int32(number)]), isNormal: true, fold: 0) }
    #expect(store.entries.count == 90)
    #expect(store.sampledShare == 1)
  }

  private static func example(_ number: Int, count: Int64) -> NormalMemory.Example {
    NormalMemory.Example(
      unit: Unit(events: [Int32(number), Int32(number / 7)], tail: .end),
      counts: .init(count, 0, count / 2, 0))
  }

  @Test func unitsThatMixedInputLostAreNotForgotten() {
    let samples = (0..<30_000).map {
      Threshold.Sample(peak: Double($0 * 7_919 % 30_000), average: Double($0 % 100), count: 2)
    }
    let memory = NormalMemory(examples: [], samples: samples)
    let clean = Threshold(samples: samples, drift: 0, rate: 0.005)
    #expect(memory.lostUnits(behind: clean) == 0)
    let mixed = Threshold(samples: samples, drift: 0, rate: 0.005, lost: 120)
    #expect(memory.lostUnits(behind: mixed) == 120)
    // What an update learns the threshold from gives the same one.
    let again = Threshold(
      samples: memory.samples, drift: 0, rate: 0.005, lost: memory.lostUnits(behind: mixed))
    #expect(again.units == mixed.units)
    #expect(again.measuredRate == mixed.measuredRate)
    #expect(again.score > clean.score)
  }

  @Test func memoryIsBoundedAndStandsForAll() {
    let examples = (0..<30_000).map { Self.example($0, count: Int64(1 + 60_000 / ($0 + 1))) }
    let samples = (0..<30_000).map { (number: Int) -> Threshold.Sample in
      let run = Double(number * 104_729 % 20_000)
      return .init(
        peak: Double(number * 7_919 % 30_000), average: Double(number % 100), run: run, count: 2)
    }
    let memory = NormalMemory(examples: examples, samples: samples)
    #expect(memory.examples.count <= 8_192)
    #expect(memory.samples.count <= 4_096)
    let whole = examples.reduce(0) { $0 + $1.count }
    #expect(abs(memory.examples.reduce(0) { $0 + $1.count } / whole - 1) < 0.02)
    #expect(memory.sampledUnits == 60_000)
    // The tail that decides on the threshold is kept as it was.
    let rate = 0.005
    #expect(
      Threshold(samples: memory.samples, drift: 1, rate: rate)
        == Threshold(samples: samples, drift: 1, rate: rate))
    let mean = memory.samples.reduce(0.0) { $0 + $1.average * Double($1.count) } / 60_000
    #expect(abs(mean - 49.5) < 1e-6)
  }

  @Test func memoryComesBackFromAFileAndAges() throws {
    let memory = NormalMemory(
      examples: (0..<50).map { Self.example($0, count: Int64($0)) },
      samples: [.init(peak: 3, average: 0.5, count: 8), .init(peak: 9, average: 0.1, count: 1)],
      usual: [.init(units: 200, mean: 0.5, deviation: 0.25)])
    let bytes = SafetensorsFile(metadata: [:], tensors: memory.tensors()).bytes()
    let read = try #require(NormalMemory(SafetensorsFile(bytes: bytes, name: "it")))
    #expect(read == memory)
    let aged = memory.aged(by: 0.25)
    #expect(aged.samples == [.init(peak: 3, average: 0.5, count: 2)])
    #expect(aged.examples.allSatisfy { $0.count > 0 })
    #expect(aged.examples.count < memory.examples.count)
    #expect(memory.aged(by: 1) == memory)
  }

  @Test func aKnownFaultBelowTheThresholdIsNotLearnedAsNormal() throws {
    let sound: [[Int32]] = (0..<60).map { [1, 2] + ($0 % 3 == 0 ? [3, 4] : [2, 3, 4]) + [5, 6] }
    let odd: [[Int32]] = (0..<12).map { [1, 2, 9, Int32(9 + $0 % 2), 4] + [7, 7] }
    let options = "{\"hidden_size\": 16, \"epochs\": 3, \"threads\": 1}"
    let trainer = try Trainer(options: options)
    trainer.add(sessions: sound, isNormal: true)
    trainer.add(sessions: odd, isNormal: false)
    let model = try trainer.run { _ in true }
    #expect(model.found.contains { !$0.isNormal })
    // The same model with a threshold that everything passes below.
    var lenient = model.threshold
    lenient.score = 1_000
    lenient.average = 1_000
    lenient.run = 0
    let blind = Model(
      options: model.options, unitKind: model.unitKind, normal: model.normal, threshold: lenient,
      space: model.space, found: model.found, decisions: model.decisions,
      classifier: model.classifier, lines: model.lines, examples: model.foundExamples,
      memory: model.memory, retired: model.retired, record: model.record)
    #expect(try blind.classify(sessions: odd).allSatisfy { !$0.verdict.isAnomalous })
    let later = try Trainer(options: "{\"threads\": 1}")
    later.add(sessions: sound + odd, isNormal: false)
    let updated = try later.update(blind) { _ in true }
    #expect(updated.record.updates.last?.learnedUnits == sound.count)
  }

  /// The same model with other limits, and with the kinds of another one.
  private func model(_ model: Model, score: Double? = nil, kindsOf other: Model? = nil) -> Model {
    var threshold = model.threshold
    if let score { (threshold.score, threshold.average, threshold.run) = (score, score, 0) }
    let other = other ?? model
    return Model(
      options: model.options, unitKind: model.unitKind, normal: model.normal, threshold: threshold,
      space: other.space, found: other.found, decisions: other.decisions,
      classifier: other.classifier, known: other.known, lines: model.lines,
      examples: other.foundExamples, memory: model.memory, retired: model.retired,
      record: model.record)
  }

  @Test func normalBehaviourThatResemblesAKindStaysAsNormalAsItWas() throws {
    // One session in five has a step of its own, which a threshold that was too low made a kind of.
    let sound: [[Int32]] = (0..<300).map { number in
      [1, 2, 3] + (number % 5 == 0 ? [8] : []) + [4, 5] + (number % 2 == 0 ? [6] : [])
    }
    let odd: [[Int32]] = (0..<12).map { [1, 2, 9, Int32(10 + $0 % 2), 4, 7, 7] }
    let trainer = try Trainer(
      options: "{\"hidden_size\": 16, \"epochs\": 20, \"learning_rate\": 0.01, \"threads\": 1}")
    trainer.add(sessions: sound, isNormal: true)
    trainer.add(sessions: sound + odd, isNormal: false)
    let right = try trainer.run { _ in true }
    #expect(try right.classify(sessions: sound).allSatisfy { !$0.verdict.isAnomalous })
    let strict = model(right, score: 2.5)
    let refitter = try Trainer(options: "{\"threads\": 1}")
    refitter.add(sessions: sound + odd, isNormal: false)
    var current = model(right, kindsOf: try refitter.refit(strict) { _ in true })
    func resembling(_ model: Model) throws -> Int {
      let units = sound.map { Unit(events: $0) }
      return try zip(units, model.normal.score(units, threads: 1)).count {
        model.resembledAnomaly(model.space.signature(of: $0, score: $1)) != nil
      }
    }
    #expect(try resembling(current) == 60)
    for _ in 0..<3 {
      let later = try Trainer(options: "{\"threads\": 1}")
      later.add(sessions: sound + odd, isNormal: false)
      current = try later.update(current) { _ in true }
      let share = current.normal.counts.share(
        of: try #require(current.normal.vocabulary.column(of: 8)))
      #expect(share > 0.19 && share < 0.21)
      #expect(try current.classify(sessions: sound).count { $0.verdict.isAnomalous } == 0)
      #expect(try current.classify(sessions: odd).allSatisfy { $0.verdict.isAnomalous })
      let entry = try #require(current.record.updates.last)
      #expect(entry.learnedUnits + entry.withheldUnits == sound.count)
      #expect(entry.estrangedUnits == 0)
    }
  }

  @Test func withheldUnitsThatBecameAnomalousAreToldOf() {
    var entry = UpdateRecord()
    (entry.learnedUnits, entry.withheldUnits) = (980, 20)
    func warnings() -> [String] {
      var record = TrainingRecord()
      entry.warn(&record, rate: 0.005)
      return record.warnings
    }
    (entry.estrangedUnits, entry.estrangedKinds) = (5, ["k2"])
    #expect(warnings().isEmpty)
    entry.estrangedUnits = 6
    #expect(warnings().count == 1 && warnings()[0].contains("6 of them, most like k2"))
    #expect(UpdateRecord(json: entry.json) == entry)
  }

  @Test func aLogThatChangedIsToldOf() throws {
    let sound: [[Int32]] = (0..<200).map { [1, 2, 3, 4, 5] + ($0 % 2 == 0 ? [6] : []) }
    let moved: [[Int32]] = (0..<100).map { [1, 2, 20, 21] + ($0 % 2 == 0 ? [22] : [23]) }
    let trainer = try Trainer(
      options: "{\"hidden_size\": 16, \"epochs\": 20, \"learning_rate\": 0.01, \"threads\": 1}")
    trainer.add(sessions: sound, isNormal: true)
    let model = try trainer.run { _ in true }
    func warns(_ model: Model) -> Bool {
      model.record.warnings.contains { $0.hasPrefix("50 % of the unlabelled units are anomalous") }
    }
    func learner(_ sessions: [[Int32]]) throws -> Trainer {
      let learner = try Trainer(options: "{\"threads\": 1}")
      learner.add(sessions: sessions, isNormal: false)
      return learner
    }
    let day = Array(sound.prefix(100)) + moved
    var updated = try learner(day).update(model) { _ in true }
    #expect(warns(updated) && updated.record.updates.last?.anomalousUnits == 100)
    #expect(warns(try learner(day).refit(model) { _ in true }))
    #expect(try learner(sound).update(model) { _ in true }.record.warnings.isEmpty)
    let refitter = try Trainer(options: "{\"threads\": 1}")
    #expect(try refitter.refit(updated) { _ in true }.record.warnings.isEmpty)
    for kind in updated.kinds where !kind.isNormal {
      updated = try updated.marking(kind: kind.id, true)
    }
    #expect(!warns(try learner(day).update(updated) { _ in true }))
  }

  @Test func whatTheNetworkKnowsLeavesItAsItIs() throws {
    let known = [[Int32]](repeating: [1, 2, 3, 4, 5, 6], count: 80)
    let moved = [[Int32]](repeating: [1, 2, 5, 6, 3, 4], count: 80)
    let trainer = try Trainer(
      options:
        "{\"hidden_size\": 16, \"epochs\": 20, \"dropout\": 0, \"learning_rate\": 0.03, \"threads\": 1}"
    )
    trainer.add(sessions: known, isNormal: true)
    let model = try trainer.run { _ in true }
    func update(with sessions: [[Int32]]) throws -> (model: Model, isTuned: Bool?, isSame: Bool) {
      let later = try Trainer(options: "{\"threads\": 1}")
      later.add(sessions: sessions, isNormal: true)
      let updated = try later.update(model) { _ in true }
      return (
        updated, updated.record.updates.last?.isTuned,
        updated.normal.network.tensors == model.normal.network.tensors
      )
    }
    let same = try update(with: known)
    #expect(same.isTuned == false && same.isSame)
    #expect(same.model.memory.examples.reduce(0) { $0 + $1.count } == 160)
    #expect(same.model.threshold.units == 160)
    let learned = try update(with: moved)
    #expect(learned.isTuned == true && !learned.isSame)
  }

  @Test func aGrownProfileIsThatOfAllUnits() {
    let old = (0..<40).map { (unit: Self.unit($0), count: Double(1 + $0 % 3)) }
    let new = (0..<40).map { (unit: Self.unit(500 + 13 * $0), count: 2.0) }
    func vocabulary(_ units: [(unit: Unit, count: Double)]) -> Vocabulary {
      Vocabulary(normal: units.flatMap(\.unit.events), all: [])
    }
    let (before, after) = (vocabulary(old), vocabulary(old + new))
    #expect(after.knownEvents.count > before.knownEvents.count)
    let grown = CountProfile(units: old, vocabulary: before).grown(
      from: before, to: after, factor: 1, adding: new)
    #expect(grown == CountProfile(units: old + new, vocabulary: after))
    let halved = CountProfile(units: old, vocabulary: before).grown(
      from: before, to: after, factor: 0.5, adding: [])
    #expect(halved.total == old.reduce(0) { $0 + $1.count } / 2)
  }
}
