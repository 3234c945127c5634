import Glibc
import Testing

@testable import Birchlog

@Suite struct ThresholdTests {
  @Test func noMoreThanTheAllowedShareLiesAbove() {
    let samples = (0..<1000).map {
      Threshold.Sample(peak: Double($0), average: Double(($0 * 7919) % 1000), count: 1)
    }
    let threshold = Threshold(samples: samples, drift: 0, rate: 0.01)
    #expect(threshold.measuredRate > 0.005)
    #expect(threshold.measuredRate <= 0.01)
    let above = samples.filter { $0.peak > threshold.score || $0.average > threshold.average }
    #expect(above.count == Int(threshold.measuredRate * 1000 + 0.5))
    #expect(samples.filter { $0.average > threshold.average }.count >= 2)
  }

  @Test func signsThatGoTogetherSpendTheRateOnce() {
    let samples = (0..<1000).map {
      Threshold.Sample(peak: Double($0), average: Double($0), run: Double($0), count: 1)
    }
    let threshold = Threshold(samples: samples, drift: 1, rate: 0.01)
    #expect(threshold.measuredRate == 0.008)
    #expect(threshold.run > 0)
  }

  @Test func fewUnitsPutTheLimitBeyondTheLargestOfThem() {
    func limit(_ count: Int) -> Double {
      // Quantiles of an exponential distribution.
      let samples = (0..<count).map {
        Threshold.Sample(peak: -log((Double($0) + 0.5) / Double(count)), average: 0, count: 1)
      }
      return Threshold(samples: samples, drift: 0, rate: 0.005).score
    }
    // What 0.2 to 2 % of such units exceed, whether these were seen or not.
    for count in [15, 40, 150, 4_000] {
      #expect(limit(count) > 3.9 && limit(count) < 6.3, "\(count): \(limit(count))")
    }
  }

  @Test func aLimitLiesBesideACrowdAndNotAmidIt() {
    func limit(_ values: [(peak: Double, count: Int)]) -> Double {
      let samples = values.map { Threshold.Sample(peak: $0.peak, average: 0, count: $0.count) }
      return Threshold(samples: samples, drift: 0, rate: 0.005).score
    }
    // A tenth of the units is one sequence, of which the judging network may think a little more.
    #expect(limit([(3, 898), (6, 100), (6.2, 2)]) == 6.1)
    // Not so far that it would hide what is odder.
    #expect(abs(limit([(3, 898), (6, 100), (16, 2)]) - 6.18) < 1e-9)
    // In a tail that thins out one unit more is one false alarm more.
    let tail = (0..<1000).map { (peak: -log((Double($0) + 0.5) / 1000), count: 1) }
    #expect(tail.map(\.peak).contains(limit(tail)))
  }

  @Test func noLimitIsLessThanWhatIsWorthReporting() {
    let samples = [Threshold.Sample(peak: 0.003, average: 0.001, run: 0, count: 3_000)]
    let threshold = Threshold(samples: samples, drift: 0.1, rate: 0.005)
    let usual = UnitScore(surprises: [0.02, 0.05, 0.2], decisive: 2)
    let wrong = UnitScore(surprises: [0.02, 5, 0.3], decisive: 1)
    #expect(threshold.score(of: usual) < threshold.score)
    #expect(threshold.score(of: wrong) > threshold.score)
  }

  @Test func theMeanOfASessionThatGoesOnSaysNothing() {
    let threshold = Threshold(
      samples: [Threshold.Sample(peak: 3, average: 0.2, run: 0, count: 3_000)], drift: 0,
      rate: 0.005)
    var score = UnitScore(surprises: [1, 1.1, 1], decisive: 1)
    #expect(threshold.score(of: score) > threshold.score)
    score.goesOn = true
    #expect(threshold.score(of: score) < threshold.score)
  }

  @Test func aRunIsTheStretchThatSurprisesMost() throws {
    let quiet = [Float](repeating: 0.5, count: 500)
    let score = UnitScore(surprises: quiet + [3, 0.5, 3, 3, 2.5] + quiet + [7] + quiet)
    let run = try #require(score.run(drift: 1))
    #expect(run.targets == 500..<505)
    #expect(abs(run.sum - 7) < 1e-9)
    #expect(UnitScore(surprises: quiet).run(drift: 1) == nil)
    #expect(score.run(drift: 0) == nil)
    // As an open unit sees it, event by event.
    var open = OpenScore()
    for surprise in score.surprises { open.add(surprise, drift: 1) }
    #expect(open.largestRun == run.sum)
  }

  @Test func unitsThatWereLostBeforehandSpendPartOfTheRate() {
    let samples = (0..<1000).map {
      Threshold.Sample(peak: Double($0), average: Double(($0 * 7919) % 1000), count: 1)
    }
    let whole = Threshold(samples: samples, drift: 0, rate: 0.01)
    let threshold = Threshold(samples: samples, drift: 0, rate: 0.01, lost: 5)
    #expect(threshold.score > whole.score)
    #expect(threshold.units == 1005)
    #expect(threshold.measuredRate > 0.005)
    #expect(threshold.measuredRate <= 0.01)
    // However many were lost, the limits keep a part.
    #expect(Threshold(samples: samples, drift: 0, rate: 0.01, lost: 500).score < 999)
  }

  @Test func tiesNeverPushTheRateOverItsTarget() {
    let values = [(value: 1.0, count: 900), (value: 5.0, count: 50), (value: 9.0, count: 3)]
    #expect(Threshold.limit(values, rate: 0.01) == 5)
  }

  @Test(arguments: [
    (#""units":5"#, #""units":-5"#), (#""units":5"#, #""units":9007199254740993"#),
    (#""measured_rate":0.2"#, #""measured_rate":1e300"#),
    (#""measured_rate":0.2"#, #""measured_rate":-0.2"#),
    (#""units":5"#, #""units":5,"run":-1"#), (#""units":5"#, #""units":5,"drift":-1"#),
    (#""target_rate":0.1"#, #""target_rate":2"#), (#""upper_bound":0.7"#, #""upper_bound":-1"#),
  ])
  func aStoredThresholdThatNoTrainingGivesIsNone(good: String, bad: String) throws {
    let text =
      #"{"score":3,"average":1,"target_rate":0.1,"measured_rate":0.2,"upper_bound":0.7,"units":5}"#
    #expect(Threshold(stored: try JSONValue(parsing: text)) != nil)
    #expect(text.contains(good))
    let damaged = text.split(separator: good, omittingEmptySubsequences: false)
    #expect(Threshold(stored: try JSONValue(parsing: damaged.joined(separator: bad))) == nil)
  }

  @Test func theBoundIsThatOfClopperAndPearson() {
    // The rule of three, exactly: 1 − 0.05^(1/100); and the 0.95 quantile of Beta(6, 995).
    #expect(abs(Threshold.upperBound(successes: 0, trials: 100, level: 0.95) - 0.029513) < 1e-5)
    #expect(abs(Threshold.upperBound(successes: 5, trials: 1000, level: 0.95) - 0.010484) < 1e-5)
    // Summed up to here, approximated beyond: the two meet.
    let summed = Threshold.upperBound(successes: 10_000, trials: 2_000_000, level: 0.95)
    let approximated = Threshold.upperBound(successes: 10_001, trials: 2_000_000, level: 0.95)
    #expect(approximated > summed)
    #expect(approximated - summed < 2e-6)
    #expect(Threshold.upperBound(successes: 1 << 50, trials: 1 << 52, level: 0.95) < 0.2501)
  }

  @Test func theBoundCountsWhatWasSetAside() throws {
    let samples = [Threshold.Sample(peak: 3, average: 0.2, count: 800)]
    var threshold = Threshold(samples: samples, drift: 0, rate: 0.005)
    let without = threshold.upperBound
    threshold.count(setAside: 200)
    #expect(threshold.upperBound > 0.2 && threshold.upperBound < 0.25)
    #expect(threshold.measuredRate == 0 && without < 0.005)
    let read = try #require(Threshold(stored: .object(threshold.stored)))
    #expect(read == threshold)
  }

  @Test func noSamplesGiveAThresholdThatPromisesNothing() {
    let threshold = Threshold(samples: [], drift: 0, rate: 0.01)
    #expect(threshold.upperBound == 1)
    #expect(threshold.score.isFinite)
  }
}
