import Testing

@testable import Birchlog

@Suite struct CalibrationTests {
  /// Of ten units that look alike three are not of the kind that the logits name.
  private func calibration(scale: Float) -> Calibration {
    Calibration(
      logits: (0..<10).flatMap { _ in [scale, 0] }, answers: (0..<10).map { $0 < 7 ? 0 : 1 },
      kinds: 2)
  }

  @Test func theTemperatureMakesProbabilitiesTellTheShareOfRightAnswers() {
    // ln(0.7 / 0.3) = 0.8473.
    let sure = calibration(scale: 4)
    #expect(abs(sure.temperature - 4 / 0.8473) < 0.01)
    #expect(sure.error > 0.25)
    #expect(calibration(scale: 0.8473).error < 1e-4)
  }

  @Test func withoutUnitsNothingIsChanged() {
    let empty = Calibration(logits: [], answers: [], kinds: 3)
    #expect(empty.temperature == 1)
    #expect(empty.error == 0)
  }

  @Test func theErrorIsTheMeanOverBins() {
    let error = Calibration.error([(0.95, true), (0.95, false), (0.25, false), (0.25, true)])
    #expect(abs(error - (2 * 0.45 + 2 * 0.25) / 4) < 1e-12)
  }
}
