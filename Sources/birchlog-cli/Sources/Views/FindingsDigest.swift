/// The findings of a run in bounded memory: counts, and the most anomalous ones of all.
final class FindingsDigest {
  /// How many findings are kept.
  static let capacity = 40

  private(set) var units = 0
  private(set) var anomalies = 0
  private(set) var open = 0
  private(set) var perKind: [String: Int] = [:]
  private var kept: [FindingDocument] = []

  /// Counts a batch.
  func take(_ findings: Findings) throws {
    for index in 0..<findings.count {
      units += 1
      guard try findings.isAnomalous(index) else { continue }
      let finding = try findings.document(index)
      anomalies += 1
      if finding.open == true { open += 1 }
      perKind[finding.kind, default: 0] += 1
      kept.append(finding)
      if kept.count >= 4 * Self.capacity { kept = top }
    }
  }

  /// The findings with the highest scores, highest first; equal ones in the order in which they came.
  var top: [FindingDocument] {
    let ranked = kept.enumerated().sorted {
      ($1.element.score ?? 0, $0.offset) < ($0.element.score ?? 0, $1.offset)
    }
    return ranked.prefix(Self.capacity).map(\.element)
  }
}
