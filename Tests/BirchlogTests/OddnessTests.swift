import Glibc
import Testing

@testable import Birchlog

@Suite struct OddnessTests {
  /// Units whose signs go evenly from 0 to twice the median.
  private let usual = (0...100).map {
    Threshold.Sample(
      peak: 0.2 * Double($0), average: 0.02 * Double($0), run: 0.1 * Double($0), count: 1)
  }

  @Test func aStepLeadsFromTheMedianToTheUpperQuartile() {
    let oddness = Oddness(usual: usual)
    #expect(abs(oddness(.init(peak: 10, average: 1, run: 5, count: 1))) < 1e-9)
    #expect(abs(oddness(.init(peak: 15, average: 1, run: 5, count: 1)) - 1) < 0.05)
    #expect(abs(oddness(.init(peak: 20, average: 1, run: 5, count: 1)) - 2) < 0.1)
  }

  @Test func averageAndRunAddTheirLogarithms() {
    let oddness = Oddness(usual: usual)
    // Three steps of 0.5 nats an event, three of 2.5 nats.
    #expect(abs(oddness(.init(peak: 10, average: 2.5, run: 5, count: 1)) - log1p(3)) < 0.05)
    #expect(abs(oddness(.init(peak: 10, average: 1, run: 12.5, count: 1)) - 2 * log1p(3)) < 0.1)
  }

  @Test func whatIsLessThanUsualTakesNothingAway() {
    let oddness = Oddness(usual: usual)
    #expect(
      oddness(.init(peak: 20, average: 0, run: 0, count: 1))
        == oddness(.init(peak: 20, average: 1, run: 5, count: 1)))
  }

  @Test func aShortOddUnitIsNotAsOddAsASurprisingEvent() {
    let oddness = Oddness(usual: usual)
    let short = oddness(.init(peak: 10, average: 4, run: 5, count: 1))
    #expect(short < oddness(.init(peak: 22, average: 1, run: 5, count: 1)))
  }

  @Test func anomaliesAmongTheUsualUnitsHardlyMoveIt() {
    let odd = Threshold.Sample(peak: 40, average: 8, run: 60, count: 5)
    let (clean, mixed) = (Oddness(usual: usual), Oddness(usual: usual + [odd]))
    #expect(mixed(odd) > 0.8 * clean(odd))
  }

  @Test func aRegularLogDoesNotMakeATrifleOdd() {
    let alike = Oddness(usual: [.init(peak: 1, average: 0.1, run: 0, count: 500)])
    #expect(abs(alike(.init(peak: 7, average: 0.1, run: 0, count: 1)) - 3) < 1e-9)
    #expect(abs(alike(.init(peak: 1, average: 0.3, run: 2, count: 1)) - 3 * log1p(1)) < 1e-9)
  }

  @Test func aUnitCountsAsOftenAsItCame() {
    let often = Oddness(usual: [
      .init(peak: 1, average: 0, count: 1), .init(peak: 9, average: 0, count: 8),
    ])
    #expect(often(.init(peak: 9, average: 0, count: 1)) == 0)
    #expect(often(.init(peak: 11, average: 0, count: 1)) == 1)
  }
}
