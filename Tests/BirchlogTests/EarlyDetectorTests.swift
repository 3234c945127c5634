import AllocationCounter
import SequenceModel
import Testing

@testable import Birchlog

/// Numbers that look random and are the same in every run (SplitMix64).
struct StepGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

/// A model of normal with random weights: what it expects is arbitrary, but it is always the same.
private func randomModel(window: Int = 4) throws -> NormalModel {
  let vocabulary = Vocabulary(normal: [1, 2, 3, 4, 5], all: [1, 2, 3, 4, 5, 7])
  var options = Options()
  options.hiddenSize = 8
  options.embeddingSize = 4
  options.window = window
  var generator = StepGenerator(5)
  let units = (0..<50).map { _ in
    (
      unit: Unit(
        events: (0..<Int(generator.next() % 9 + 1)).map { _ in Int32(generator.next() % 5 + 1) }),
      count: 1.0
    )
  }
  return NormalModel(
    vocabulary: vocabulary, window: window,
    counts: CountProfile(units: units, vocabulary: vocabulary),
    meanState: [Float](repeating: 0, count: 8),
    network: try NextEventModel(
      configuration: options.networkConfiguration(vocabulary: vocabulary), seed: 3), knowsEnds: true
  )
}

@Suite struct EarlyDetectorTests {
  fileprivate func detection(limit: Double, detector: Options.Detector = .surprise, run: Double = 0)
    -> Detection
  {
    var options = Options()
    options.detector = detector
    options.topG = Int(limit)
    var threshold = Threshold(
      score: limit, average: 100, targetRate: 0, measuredRate: 0, upperBound: 0, units: 1)
    (threshold.run, threshold.drift) = (run, 1)
    return Detection(options: options, threshold: threshold)
  }

  @Test func whatIsHarmlessIsNotReportedAgainButWorseIs() throws {
    let detection = detection(limit: 10)
    var score = OpenScore()
    score.surprise = 12
    #expect(detection.isCertain(score))
    score.isReported = true
    score.reportedScore = detection.certainScore(score)
    score.withdraw()
    #expect(!score.isReported)
    #expect(!detection.isCertain(score))
    score.excess = 0.5
    #expect(!detection.isCertain(score))
    score.excess = 4
    #expect(detection.isCertain(score))
  }

  @Test(arguments: [Options.Detector.surprise, .topG])
  func anEarlyFindingIsNeverTakenBack(detector: Options.Detector) throws {
    let model = try randomModel()
    var generator = StepGenerator(1)
    var found = 0
    var silent = 0
    for round in 0..<200 {
      let limit = detector == .surprise ? 4 + Double(round % 10) : Double(4 + round % 4)
      let detection = detection(
        limit: limit, detector: detector, run: round % 2 == 0 ? 0 : 2 + limit / 2)
      let detector = EarlyDetector(normal: model, detection: detection)
      // Event 9 is one that no training held, 7 one that only unlabelled input held.
      let choice: [Int32] = [1, 2, 3, 4, 5, 1, 2, 3, 7, 9]
      let events = (0..<Int(generator.next() % 12 + 1)).map { _ in
        choice[Int(generator.next() % (round % 3 == 0 ? 10 : 8))]
      }
      var score = OpenScore()
      var early = false
      for end in 1...events.count {
        early =
          events[..<end].withUnsafeBufferPointer { detector.observe($0, score: &score) } || early
      }
      let whole = try model.score(
        [Unit(events: events, tail: .end), Unit(events: events)], threads: 1)
      if early {
        found += 1
        for score in whole { #expect(detection.isAnomalous(score)) }
      } else {
        silent += 1
      }
    }
    #expect(found > 20 && silent > 20)
  }

  @Test func aUnitIsFoundOnce() throws {
    let detector = EarlyDetector(normal: try randomModel(), detection: detection(limit: 1))
    var score = OpenScore()
    let events: [Int32] = [9, 9, 9]
    let found = (1...3).filter { end in
      events[..<end].withUnsafeBufferPointer { detector.observe($0, score: &score) }
    }
    #expect(found == [1])
  }

  @Test func eventsBeforeTheUnitAreContextOnly() throws {
    let model = try randomModel()
    let detector = EarlyDetector(normal: model, detection: detection(limit: 100))
    var score = OpenScore()
    let events: [Int32] = [9, 9, 9, 9, 2]
    #expect(
      !events.withUnsafeBufferPointer { detector.observe($0, from: 4, score: &score) })
    let whole = try model.score([Unit(events: events, contextCount: 4)], threads: 1)[0]
    #expect(Double(score.surprise) == whole.largestSurprise)
    #expect(score.excess == model.counts.excess(column: 1, count: 1))
  }
}

@Suite struct SurpriseCacheTests {
  @Test func whatIsFoundIsWhatWasPutIn() {
    var cache = SurpriseCache(window: 2, entries: 16)
    var generator = StepGenerator(2)
    for number in 0..<1_000 {
      let key = (0..<3).map { _ in Int32(generator.next() % 4) }
      let outcome = SurpriseCache.Outcome(
        surprise: Float(key[0] * 16 + key[1] * 4 + key[2]), rank: key[0] + 1)
      if let known = cache.find(key) {
        #expect(known == outcome, "look-up \(number)")
      } else {
        cache.insert(outcome, for: key)
      }
    }
    #expect(cache.hits > 0 && cache.misses > 0)
  }

  @Test func anEventCostsOneWindowAtMostAndNoAllocation() throws {
    let detector = EarlyDetector(
      normal: try randomModel(), detection: EarlyDetectorTests().detection(limit: 1e9))
    var generator = StepGenerator(8)
    let events = (0..<3_000).map { _ in Int32(generator.next() % 8 + 1) }
    var score = OpenScore()
    func push(_ range: Range<Int>) -> Int {
      let before = allocation_count()
      events.withUnsafeBufferPointer {
        for end in range {
          let first = max(0, end - 20)
          _ = detector.observe(UnsafeBufferPointer(rebasing: $0[first..<end]), score: &score)
        }
      }
      return allocation_count() - before
    }
    _ = push(1..<50)
    let known = detector.misses
    let computed = detector.contexts.computed
    let allocated = push(50..<2_000)
    #expect(detector.hits + detector.misses == 1_999)
    // Most windows are new and are computed, some are remembered: neither allocates.
    #expect(detector.misses - known > 1_000 && detector.hits > 0)
    #expect(detector.contexts.computed - computed <= 1_951)
    if allocation_count() >= 0 { #expect(allocated == 0) }
  }

  @Test func onePredictedWindowIsAsInABatch() throws {
    let model = try randomModel()
    let contexts = ContextMemory(normal: model)
    var generator = StepGenerator(2)
    for _ in 0..<50 {
      let window = (0..<4).map { _ in Int32(generator.next() % 5 + 1) }
      let own = contexts.logProbabilities(after: window).map(Array.init)
      #expect(own == (try model.logProbabilities(after: window)))
    }
    let predictor = WindowPredictor(model: model.network, length: 4)
    let invalid: [[Int32]] = [[1, 2, 3], [1, 2, 3, -1], [1, 2, 3, 4_000], []]
    for window in invalid {
      window.withUnsafeBufferPointer { #expect(predictor.hiddenState(after: $0) == nil) }
    }
  }
}
