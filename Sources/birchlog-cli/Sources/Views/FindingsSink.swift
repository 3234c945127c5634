/// Takes verdicts as they come and prints them.
protocol FindingsSink: AnyObject {
  /// Anomalies so far.
  var anomalies: Int { get }
  /// Prints a batch.
  func take(_ findings: Findings) throws
  /// Prints what is left to say.
  func finish()
}

/// Verdicts as JSON Lines, the library's own text.
final class FindingsLines: FindingsSink {
  private(set) var anomalies = 0
  /// Anomalies come with all their reasons.
  private let explains: Bool

  init(explains: Bool = false) {
    self.explains = explains
  }

  func take(_ findings: Findings) throws {
    for index in 0..<findings.count {
      if explains, try findings.isAnomalous(index) {
        try findings.withExplanation(index, options: nil) { StandardOutput.shared.write($0) }
      } else {
        try findings.withJSON(index) { StandardOutput.shared.write($0) }
      }
      StandardOutput.shared.write("\n")
      if try findings.isAnomalous(index), try !findings.isEarly(index) { anomalies += 1 }
    }
    // A reader at the other end of a pipe sees a verdict when it is made.
    StandardOutput.shared.flush()
  }

  func finish() {
    StandardOutput.shared.flush()
  }
}
