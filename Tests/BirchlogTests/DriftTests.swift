import Glibc
import Testing

@testable import Birchlog

/// Alarms on streams that do and do not move away from what was learned.
@Suite struct DriftTests {
  /// What a stream of units is drawn from.
  struct World {
    var unseen = 0.002
    var unknown = 0.004
    /// Mean surprises are drawn from these values.
    var surprises = [0.1, 0.15, 0.2, 0.25, 0.3, 0.9]
    var shift = 0.0
  }

  private struct Draws {
    var state: UInt64

    mutating func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(UInt64(1) << 53)
    }
  }

  /// A baseline from `count` held-out units of a world.
  private func baseline(_ world: World, count: Int, draws: inout Draws) -> DriftBaseline {
    var samples: [Threshold.Sample] = []
    var above = 0
    for _ in 0..<count {
      let isOver = draws.next() < world.unknown
      above += isOver ? 1 : 0
      samples.append(
        .init(
          peak: isOver ? 12 : 5,
          average: world.surprises[Int(draws.next() * Double(world.surprises.count))], count: 1))
    }
    let singles = (0..<count).reduce(0) { sum, _ in sum + (draws.next() < world.unseen ? 1 : 0) }
    let threshold = Threshold(
      score: 10, average: 1, targetRate: 0.005, measuredRate: Double(above) / Double(count),
      upperBound: 0.01, units: count)
    let profile = CountProfile(
      total: Double(count), tables: [[Int32: Double]](repeating: [1: 1], count: singles))
    return DriftBaseline(
      memory: NormalMemory(examples: [], samples: samples), threshold: threshold, counts: profile,
      isTopG: false)
  }

  /// The unit at which drift is told, within so many units.
  private func alarm(
    _ world: World, _ detector: DriftDetector, units: Int, draws: inout Draws
  ) -> Int? {
    var detector = detector
    for _ in 0..<units where detector.firstAlarm == nil {
      let isUnknown = draws.next() < world.unknown
      let surprise = world.surprises[Int(draws.next() * Double(world.surprises.count))]
      detector.add(
        isUnseen: draws.next() < world.unseen, isUnknown: isUnknown,
        surprise: isUnknown ? nil : surprise + world.shift)
    }
    return detector.firstAlarm
  }

  @Test func falseAlarmsAreNoMoreThanStated() {
    // With a patience of 2,000 units a stream of 200 may alarm in one case of ten.
    let (patience, units, streams) = (2_000.0, 200, 1_000)
    var alarms = 0
    for stream in 0..<streams {
      var draws = Draws(state: UInt64(stream) &* 0x9e37_79b9_7f4a_7c15 &+ 7)
      let detector = DriftDetector(
        baseline(World(), count: 400, draws: &draws), patience: patience)
      if alarm(World(), detector, units: units, draws: &draws) != nil { alarms += 1 }
    }
    #expect(Double(alarms) / Double(streams) <= Double(units) / patience)
  }

  /// The bound itself, where what is usual is known exactly and nothing is added for safety.
  @Test func aSignalAlarmsNoMoreOftenThanItsPatienceAllows() {
    let (patience, units, streams) = (100.0, 20, 4_000)
    var alarms = 0
    for stream in 0..<streams {
      var draws = Draws(state: UInt64(stream) &* 0xd134_2543_de82_ef95 &+ 1)
      var signal = DriftSignal.share(usual: 0.1, patience: patience)
      for _ in 0..<units {
        signal.add(draws.next() < 0.1 ? 1 : 0)
        if signal.progress >= 1 {
          alarms += 1
          break
        }
      }
    }
    #expect(alarms > 0, "a test that cannot fail")
    #expect(Double(alarms) / Double(streams) <= Double(units) / patience)
  }

  @Test func longStreamsWithoutDriftStayQuiet() {
    var alarms = 0
    for stream in 0..<20 {
      var draws = Draws(state: UInt64(stream) &+ 99)
      let detector = DriftDetector(baseline(World(), count: 2_000, draws: &draws))
      if alarm(World(), detector, units: 10_000, draws: &draws) != nil { alarms += 1 }
    }
    // Each of 20 streams may alarm with probability 0.01.
    #expect(alarms <= 2)
  }

  @Test(arguments: [
    (World(unseen: 0.03), 2_000), (World(unknown: 0.05), 2_000), (World(shift: 0.15), 2_000),
    (World(unseen: 0.5), 40),
  ]) func driftIsTold(world: World, within units: Int) {
    for stream in 0..<20 {
      var draws = Draws(state: UInt64(stream) &+ 5)
      let detector = DriftDetector(baseline(World(), count: 2_000, draws: &draws))
      #expect(alarm(world, detector, units: units, draws: &draws) != nil)
    }
  }

  /// Two behaviours, the new one of many choices and thus more surprising, and less frequent so far.
  @Test func newNormalBehaviourThatAnUpdateLearnedIsNoDrift() throws {
    var draws = Draws(state: 17)
    func choices(from first: Int32) -> [Int32] {
      [1] + (0..<8).map { _ in first + Int32(draws.next() * 4) } + [2]
    }
    let old = [[Int32]](repeating: [1, 3, 4, 5, 6, 2], count: 1_200)
    let new = (0..<300).map { _ in choices(from: 10) }
    let trainer = try Trainer(
      options: "{\"hidden_size\": 16, \"epochs\": 8, \"learning_rate\": 0.02, \"threads\": 1}")
    trainer.add(sessions: old, isNormal: true)
    let later = try Trainer(options: "{\"threads\": 1}")
    later.add(sessions: new, isNormal: true)
    // Unlabelled sessions, chosen by how little they surprise, do not hide the new ones.
    later.add(sessions: Array(old.prefix(600)), isNormal: false)
    let model = try later.update(try trainer.run { _ in true }) { _ in true }
    func drift(_ sessions: [[Int32]]) throws -> DriftDetector {
      var detector = DriftDetector(model.driftBaseline)
      for finding in try model.classify(sessions: sessions) { detector.add(finding) }
      return detector
    }
    let fresh = try drift((0..<600).map { _ in choices(from: 10) })
    #expect(fresh.firstAlarm == nil)
    // All samples together say that less is usual than the new sessions show.
    let pooled = try #require(UsualSurprise(model.memory.samples, threshold: model.threshold))
    #expect(fresh.surprise.value > 1.1 * pooled.upperBound)
    #expect(try drift(old).firstAlarm == nil)
    #expect(try drift((0..<300).map { _ in choices(from: 12) }).firstAlarm != nil)
  }

  @Test func whatIsUsualOfFewUnitsOrLongAgoDoesNotCount() {
    func group(_ units: Double, _ mean: Double) -> UsualSurprise {
      .init(units: units, mean: mean, deviation: 0)
    }
    let samples = [Threshold.Sample(peak: 1, average: 0.25, count: 1_000)]
    let memory = NormalMemory(
      examples: [], samples: samples, usual: [group(20, 4), group(400, 1), group(100, 2)])
    #expect(memory.usual == [group(400, 1), group(100, 2)])
    #expect(memory.aged(by: 0.25).usual == [group(100, 1)])
    let daily = (0..<50).map { group(100, Double($0)) }
    #expect(
      NormalMemory(examples: [], samples: samples, usual: daily).usual == Array(daily.suffix(16)))
    let threshold = Threshold(
      score: 10, average: 1, targetRate: 0.005, measuredRate: 0, upperBound: 0.01, units: 1_000)
    func usual(_ memory: NormalMemory) -> Double {
      DriftBaseline(
        memory: memory, threshold: threshold, counts: CountProfile(total: 1_000, tables: []),
        isTopG: false
      ).surprise
    }
    #expect(abs(usual(memory) - 2.2) < 1e-9)
    #expect(abs(usual(NormalMemory(examples: [], samples: samples)) - 0.275) < 1e-9)
  }

  @Test func aDetectorGoesOnFromItsSnapshotUnlessTheModelIsAnother() throws {
    let path = "/tmp/birchlog-drift-\(UInt64.random(in: 0 ... .max))"
    defer { unlink(path) }
    var draws = Draws(state: 3)
    let usual = baseline(World(), count: 500, draws: &draws)
    var detector = DriftDetector(usual)
    for _ in 0..<300 { detector.add(isUnseen: draws.next() < 0.2, isUnknown: false, surprise: 0.4) }
    #expect(detector.firstAlarm != nil)
    let writer = try SnapshotWriter(path: path)
    detector.write(to: writer)
    try writer.commit()
    var reader = try SnapshotReader(path: path)
    var restored = DriftDetector(usual)
    try restored.restore(&reader)
    #expect(reader.remaining == 0 && restored == detector)

    let other = DriftDetector(baseline(World(unknown: 0.1), count: 500, draws: &draws))
    var reset = other
    reader = try SnapshotReader(path: path)
    try reset.restore(&reader)
    #expect(reader.remaining == 0 && reset == other)
  }
}
