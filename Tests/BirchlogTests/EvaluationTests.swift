import Testing

@testable import Birchlog

/// The expected figures are printed by `reference/make_metrics.py` (scikit-learn and SciPy).
@Suite struct EvaluationTests {
  private let truth = "a a a a a a b b b b c c c c c c c d".split(separator: " ").map(String.init)
  private let found = "1 1 1 1 2 2 2 2 2 3 4 4 4 4 5 5 1 3".split(separator: " ").map(String.init)
  private let answers = "a a a a b b b b b d c c c c c c a d".split(separator: " ").map(String.init)

  /// Labels of 500 units that both languages can compute.
  private let manyTruths = (0..<500).map { "t\($0 * 7 % 11 / 2)" }
  private let manyFound = (0..<500).map { "f\(($0 * $0 % 13 + $0 * 7 % 11) / 4)" }
  private let weights = (0..<500).map { Double(1 + $0 % 3) }

  @Test func partitionsAgreeAsScikitLearnSays() {
    let table = ContingencyTable(truth: truth, found: found)
    #expect(isClose(table.adjustedRandIndex, 0.34099066762383345))
    #expect(isClose(table.normalizedMutualInformation, 0.5975457276517366))
    #expect(isClose(table.homogeneity, 0.6719357520906322))
    #expect(isClose(table.completeness, 0.5379853551156667))
    #expect(isClose(table.vMeasure, 0.5975457276517365))
    #expect(isClose(table.purity, 0.7777777777777778))
    #expect(isClose(table.macroF1OneToOne, 0.6969696969696969))
    #expect(isClose(table.macroF1Majority, 0.5944055944055944))
  }

  @Test func aWeightCountsAsThatManyUnits() {
    let table = ContingencyTable(truth: manyTruths, found: manyFound, weights: weights)
    #expect(table.total == weights.reduce(0, +))
    #expect(isClose(table.adjustedRandIndex, 0.0972158550476153))
    #expect(isClose(table.normalizedMutualInformation, 0.21758166635932458))
    #expect(isClose(table.homogeneity, 0.21196729251708277))
    #expect(isClose(table.completeness, 0.22350154781292345))
    #expect(isClose(table.purity, 0.36536536536536535))
    #expect(isClose(table.macroF1OneToOne, 0.35119474802432177))
    #expect(isClose(table.macroF1Majority, 0.28742985518293046))
  }

  @Test func oneToOneGivesEachClassOneClusterAndMajorityJoinsThem() {
    let table = ContingencyTable(truth: truth, found: found)
    // a–1 (4 of 6 and 5), b–2 (3 of 4 and 5), c–4 (4 of 7 and 4), d–3 (1 of 1 and 2).
    #expect(isClose(table.macroF1OneToOne, (8.0 / 11 + 6.0 / 9 + 8.0 / 11 + 2.0 / 3) / 4))
    #expect(table.majorityClasses == ["a", "b", "b", "c", "c"])
    // Cluster 3 is a tie of b and d, read as the first by name, so that d is never answered.
    #expect(isClose(table.macroF1Majority, (8.0 / 11 + 8.0 / 11 + 12.0 / 13 + 0) / 4))
  }

  @Test func aClassWithoutAClusterOfItsOwnCountsNothing() {
    let table = ContingencyTable(truth: ["a", "b", "c"], found: ["1", "1", "1"])
    #expect(isClose(table.macroF1OneToOne, (2.0 / 4) / 3))
    #expect(isClose(table.macroF1Majority, (2.0 / 4) / 3))
  }

  @Test func theMeasuresDoNotDependOnTheOrderOfTheUnits() {
    let table = ContingencyTable(truth: manyTruths, found: manyFound)
    let reversed = ContingencyTable(truth: manyTruths.reversed(), found: manyFound.reversed())
    #expect(table == reversed)
  }

  @Test func equalAndTrivialPartitionsAreDefined() {
    let same = ContingencyTable(truth: truth, found: truth)
    #expect(same.adjustedRandIndex == 1 && isClose(same.vMeasure, 1) && same.macroF1OneToOne == 1)
    let one = ContingencyTable(truth: ["a"], found: ["1"])
    #expect(one.adjustedRandIndex == 1 && one.normalizedMutualInformation == 1)
    let apart = ContingencyTable(truth: ["a", "a", "a"], found: ["1", "2", "3"])
    #expect(apart.adjustedRandIndex == 0 && apart.homogeneity == 1 && apart.completeness == 0)
    let none = ContingencyTable(truth: [], found: [])
    #expect(none.purity == 0 && none.macroF1Majority == 0 && none.macroF1OneToOne == 0)
  }

  @Test func thePapersTableIsScikitLearnsReport() {
    let report = ClassificationReport(truth: truth, predicted: answers)
    #expect(isClose(report.accuracy, 0.7777777777777778))
    #expect(isClose(report.balancedAccuracy, 0.8184523809523809))
    #expect(report.rows.map(\.label) == ["a", "b", "c", "d"])
    #expect(report.rows.map(\.support) == [6, 4, 7, 1])
    for (row, precision) in zip(report.rows, [0.8, 0.6, 1, 0.5]) {
      #expect(isClose(row.precision, precision))
    }
    #expect(isClose(report.macro.precision, 0.725))
    #expect(isClose(report.macro.recall, 0.8184523809523809))
    #expect(isClose(report.macro.f1, 0.7459207459207459))
    #expect(isClose(report.weighted.precision, 0.8166666666666668))
    #expect(isClose(report.weighted.recall, 0.7777777777777778))
    #expect(isClose(report.weighted.f1, 0.7865837865837865))
  }

  @Test func theReportWeighsItsUnits() {
    let answers = manyFound.map { "t" + $0.dropFirst() }
    let report = ClassificationReport(truth: manyTruths, predicted: answers, weights: weights)
    #expect(isClose(report.accuracy, 0.25225225225225223))
    #expect(isClose(report.balancedAccuracy, 0.25806024500022756))
    #expect(report.rows.map(\.support) == [181, 183, 180, 184, 180, 91])
    #expect(isClose(report.macro.precision, 0.338542101193581))
    #expect(isClose(report.macro.f1, 0.2822348637491293))
    #expect(isClose(report.weighted.precision, 0.32089475224259667))
    #expect(isClose(report.weighted.f1, 0.2714270747728502))
  }

  @Test func anAnswerThatIsNoTrueClassHasARowWithoutSupport() {
    let report = ClassificationReport(truth: ["a", "a"], predicted: ["a", "x"])
    #expect(report.rows.map(\.label) == ["a", "x"])
    #expect(report.rows[1].support == 0 && report.rows[1].recall == 0)
    #expect(report.balancedAccuracy == 0.5 && report.macro.recall == 0.25)
  }

  @Test func theAreaUnderTheCurveCountsTiesHalf() {
    let scores = [0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.2, 0.9]
    let truth = [false, false, true, true, false, true, false, true]
    let report = DetectionReport(
      zip(truth, scores).map { (truth: $0, answer: $1 > 0.35, score: $1) })
    #expect(isClose(report.areaUnderCurve, 0.8125))
    #expect(report.truePositives == 3 && report.falsePositives == 2)
    #expect(isClose(report.falsePositiveRate, 0.5))
    #expect(DetectionReport([(truth: true, answer: true, score: 1)]).areaUnderCurve.isNaN)
  }

  @Test func detectionAgreesWithScikitLearnOnManyUnits() {
    let report = DetectionReport(
      (0..<500).map { index in
        let isAnomalous = index * index % 7 < 3
        let score = Double(index * 31 % 97 + (isAnomalous ? 20 : 0)) / 10
        return (truth: isAnomalous, answer: score > 7, score: score)
      })
    #expect(isClose(report.areaUnderCurve, 0.6923076923076923))
    #expect(isClose(report.precision, 0.8164251207729468))
    #expect(isClose(report.recall, 0.4733893557422969))
    #expect(isClose(report.f1, 0.599290780141844))
    #expect(report.trueNegatives == 105 && report.falsePositives == 38)
    #expect(report.falseNegatives == 188 && report.truePositives == 169)
  }

  @Test func aScoreThatIsNoNumberRanksLowest() {
    let report = DetectionReport([
      (truth: false, answer: false, score: .nan), (truth: true, answer: true, score: 1),
      (truth: false, answer: false, score: .nan), (truth: false, answer: true, score: 2),
    ])
    #expect(isClose(report.areaUnderCurve, 2.0 / 3))
  }

  private func isClose(_ value: Double, _ expected: Double) -> Bool {
    abs(value - expected) < 1e-12
  }
}
