import Testing

@testable import Birchlog

/// The expected figures are printed by `reference/make_metrics.py` (scikit-learn).
@Suite struct EvaluationTests {
  private let truth = "a a a a a a b b b b c c c c c c c d".split(separator: " ").map(String.init)
  private let found = "1 1 1 1 2 2 2 2 2 3 4 4 4 4 5 5 1 3".split(separator: " ").map(String.init)
  private let answers = "a a a a b b b b b d c c c c c c a d".split(separator: " ").map(String.init)

  @Test func partitionsAgreeAsScikitLearnSays() {
    let table = ContingencyTable(truth: truth, found: found)
    #expect(abs(table.adjustedRandIndex - 0.34099066762383345) < 1e-12)
    #expect(abs(table.normalizedMutualInformation - 0.5975457276517366) < 1e-12)
    #expect(abs(table.homogeneity - 0.6719357520906322) < 1e-12)
    #expect(abs(table.completeness - 0.5379853551156667) < 1e-12)
    #expect(abs(table.vMeasure - 0.5975457276517365) < 1e-12)
    #expect(abs(table.purity - 14.0 / 18) < 1e-12)
  }

  @Test func oneToOneGivesEachClassOneClusterAndMajorityJoinsThem() {
    let table = ContingencyTable(truth: truth, found: found)
    // a–1 (4 of 6 and 5), b–2 (3 of 4 and 5), c–4 (4 of 7 and 4), d–3 (1 of 1 and 2).
    let oneToOne = (8.0 / 11 + 6.0 / 9 + 8.0 / 11 + 2.0 / 3) / 4
    #expect(abs(table.macroF1OneToOne - oneToOne) < 1e-12)
    #expect(table.majorityClasses == ["a", "b", "b", "c", "c"])
    // Cluster 3 is a tie of b and d, read as the first by name, so that d is never answered.
    let majority = (8.0 / 11 + 8.0 / 11 + 12.0 / 13 + 0) / 4
    #expect(abs(table.macroF1Majority - majority) < 1e-12)
  }

  @Test func equalAndTrivialPartitionsAreDefined() {
    let same = ContingencyTable(truth: truth, found: truth)
    #expect(same.adjustedRandIndex == 1 && abs(same.vMeasure - 1) < 1e-12 && same.macroF1OneToOne == 1)
    let one = ContingencyTable(truth: ["a"], found: ["1"])
    #expect(one.adjustedRandIndex == 1 && one.normalizedMutualInformation == 1)
    let none = ContingencyTable(truth: [], found: [])
    #expect(none.purity == 0 && none.macroF1Majority == 0)
  }

  @Test func thePapersTableIsScikitLearnsReport() {
    let report = ClassificationReport(truth: truth, predicted: answers)
    #expect(abs(report.accuracy - 0.7777777777777778) < 1e-12)
    #expect(abs(report.balancedAccuracy - 0.8184523809523809) < 1e-12)
    #expect(abs(report.rows.map(\.f1).reduce(0, +) / 4 - 0.7459207459207459) < 1e-12)
    #expect(abs(report.weighted.precision - 0.8166666666666668) < 1e-12)
    #expect(abs(report.weighted.recall - 0.7777777777777778) < 1e-12)
    #expect(abs(report.weighted.f1 - 0.7865837865837865) < 1e-12)
  }

  @Test func theAreaUnderTheCurveCountsTiesHalf() {
    let scores = [0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.2, 0.9]
    let truth = [false, false, true, true, false, true, false, true]
    let report = DetectionReport(zip(truth, scores).map { (truth: $0, answer: $1 > 0.35, score: $1) })
    #expect(abs(report.areaUnderCurve - 0.8125) < 1e-12)
    #expect(report.truePositives == 3 && report.falsePositives == 2)
    #expect(abs(report.falsePositiveRate - 0.5) < 1e-12)
    #expect(DetectionReport([(truth: true, answer: true, score: 1)]).areaUnderCurve.isNaN)
  }
}
