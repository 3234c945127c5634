import Testing

@testable import Birchlog

@Suite struct ContrastTests {
  /// Normal units count up, unlabelled ones go back now and then; both hold the same events.
  private static func examples(_ count: Int, seed: UInt64) -> [Contrast.Example] {
    var generator = StepGenerator(seed)
    return (0..<(2 * count)).map { number in
      let isMixed = number % 2 == 1
      var events = (0..<30).map { _ in Int32(generator.next() % 12) }
      events.sort()
      if isMixed { for index in stride(from: 0, to: 24, by: 6) { events.swapAt(index, index + 5) } }
      return .init(unit: Unit(events: events), isMixed: isMixed, weight: 1)
    }
  }

  @Test func orderAloneSetsUnseenUnitsApart() throws {
    let contrast = try #require(Contrast(Self.examples(150, seed: 1)))
    let fresh = Self.examples(100, seed: 2)
    let right = fresh.count { (contrast.score(of: $0.unit) > 0) == $0.isMixed }
    #expect(right >= 190)
    let odd = try #require(fresh.first { $0.isMixed })
    let reasons = contrast.reasons(for: odd.unit, count: 3)
    #expect(reasons.count == 3)
    #expect(zip(reasons, reasons.dropFirst()).allSatisfy { $0.weight >= $1.weight })
    // What is named is there as often as is said.
    for reason in reasons where reason.events.count == 2 {
      let pairs = zip(odd.unit.events, odd.unit.events.dropFirst())
      #expect(pairs.count { [$0, $1] == reason.events } == reason.occurrences)
    }
  }

  @Test func aUnitIsJudgedByARegressionThatHasNotSeenIt() throws {
    let examples = Self.examples(60, seed: 3)
    let contrast = try #require(Contrast(examples))
    // The same unit under the other label: what judges it stays the same.
    var turned = examples
    turned[7].isMixed.toggle()
    let other = try #require(Contrast(turned))
    #expect(contrast.score(of: examples[7].unit) == other.score(of: examples[7].unit))
    #expect(contrast != other)
  }

  @Test func oneSortAloneGivesNone() {
    #expect(Contrast(Self.examples(20, seed: 4).filter(\.isMixed)) == nil)
    #expect(Contrast([]) == nil)
  }

  @Test func itComesBackFromItsTensors() throws {
    let contrast = try #require(Contrast(Self.examples(30, seed: 5)))
    let bytes = SafetensorsFile(metadata: [:], tensors: contrast.tensors).bytes()
    var isDamaged = false
    #expect(
      Contrast.read(try SafetensorsFile(bytes: bytes, name: "a"), isDamaged: &isDamaged) == contrast
    )
    #expect(!isDamaged)
    let short = StoredTensor(name: contrast.tensors[0].name, shape: [2], floats: [1, 2])
    let damaged = SafetensorsFile(metadata: [:], tensors: [short]).bytes()
    #expect(
      Contrast.read(try SafetensorsFile(bytes: damaged, name: "a"), isDamaged: &isDamaged) == nil)
    #expect(isDamaged)
  }

  @Test func theContrastCountsForDoubtfulUnitsOnlyAndKeepsTheRate() {
    var generator = StepGenerator(6)
    let samples = (0..<1000).map { (number: Int) -> Threshold.Sample in
      let contrast = Double(generator.next() % 1000) / 100 - 9
      return .init(peak: Double(number) / 100, average: 0, contrast: contrast, count: 1)
    }
    let threshold = Threshold(samples: samples, drift: 0, rate: 0.02, weighsContrast: true)
    #expect(threshold.measuredRate <= 0.02 && threshold.measuredRate > 0.01)
    #expect(threshold.doubt > 7.9 && threshold.doubt < threshold.score)
    func isAnomalous(_ peak: Double, _ contrast: Double) -> Bool {
      threshold.combined(peak: peak, average: 0, run: 0, contrast: contrast) > threshold.score
    }
    #expect(isAnomalous(threshold.doubt + 0.01, threshold.contrast + 0.01))
    #expect(!isAnomalous(threshold.doubt - 0.01, 100))
    #expect(!isAnomalous(threshold.doubt + 0.01, threshold.contrast))
    #expect(isAnomalous(threshold.score + 0.01, -100))
    #expect(Threshold(samples: samples, drift: 0, rate: 0.02).doubt == 0)
  }
}
