import Testing

@testable import Birchlog

@Suite struct EvaluationOptionsTests {
  @Test func whatIsNotAboutTheEvaluationSaysHowToRead() throws {
    let options = try EvaluationOptions(
      json: #"{"join": [["a", "b"]], "session": "x", "prevalence": 0.01, "baselines": true}"#)
    #expect(options.join == [["a", "b"]])
    #expect(options.prevalence == 0.01)
    #expect(options.baselines)
    #expect(options.reading == #"{"session":"x"}"#)
    #expect(try EvaluationOptions(json: #"{"resamples": 0}"#).reading == nil)
  }

  @Test(arguments: [
    #"{"join": [["a"]]}"#, #"{"join": [["a", "b"], ["b", "c"]]}"#, #"{"join": "a,b"}"#,
    #"{"prevalence": 0}"#, #"{"prevalence": 1}"#, #"{"resamples": -1}"#, #"{"baselines": 1}"#,
  ]) func aValueThatFitsNoKeyIsRefused(json: String) {
    #expect(throws: BirchlogError.self) { try EvaluationOptions(json: json) }
  }
}

@Suite struct KindReportTests {
  private let truth = ["a", "a", "b", "b", "c", "c"]

  @Test func joinedKindsAndTheirFoundKindsAreOne() {
    let report = KindReport(
      truth: truth, found: ["1", "1", "2", "2", "3", "3"], join: [["a", "b"]])
    #expect(report.table.classes == ["a+b", "c"])
    #expect(report.table.adjustedRandIndex == 1)
    #expect(report.table.macroF1OneToOne == 1)
  }

  @Test func aFoundKindThatMixesAJoinedKindWithAnotherIsStillWrong() {
    let report = KindReport(
      truth: truth, found: ["1", "1", "1", "1", "1", "1"], join: [["a", "b"]])
    #expect(report.table.adjustedRandIndex == 0)
    #expect(report.table.purity < 0.7)
  }

  @Test func intervalsHoldTheFigureAndAreTheSameEveryTime() throws {
    let found = (0..<300).map { $0 % 10 == 0 ? "x" : "\($0 % 3)" }
    let report = KindReport(truth: (0..<300).map { "\($0 % 3)" }, found: found)
    let intervals = report.intervals(resamples: 100)
    #expect(intervals == report.intervals(resamples: 100))
    let bounds = try #require(intervals["purity"]?.array)
    let purity = bounds.compactMap(\.double)
    #expect(purity.count == 2)
    #expect(purity[0] < report.table.purity && report.table.purity < purity[1])
    #expect(purity[0] > report.table.purity - 0.1 && purity[1] < report.table.purity + 0.1)
  }

  @Test func aTableWithoutChoiceHasNoSpread() throws {
    let report = KindReport(truth: ["a", "b"], found: ["1", "1"])
    #expect(report.intervals(resamples: 10)["completeness"] == .array([.number(1), .number(1)]))
  }
}

@Suite struct ProjectionTests {
  @Test func precisionFallsWithTheShareOfAnomalies() throws {
    // Recall 0.8, false-positive rate 0.1.
    let units = (0..<20).map { (truth: $0 < 10, answer: $0 < 8 || $0 == 10, score: 0.0) }
    let report = DetectionReport(units)
    let projected = report.projected(to: 0.1)
    let precision = try #require(projected["precision"]?.double)
    #expect(abs(precision - 0.08 / (0.08 + 0.09)) < 1e-5)
    let f1 = try #require(projected["f1"]?.double)
    #expect(abs(f1 - 2 * precision * 0.8 / (precision + 0.8)) < 1e-5)
  }
}
