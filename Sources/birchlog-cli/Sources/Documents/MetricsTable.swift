/// Precision, recall and F1 for each class with their weighted averages, as the paper prints them.
struct MetricsTable: Decodable {
  let accuracy: Double?
  let balancedAccuracy: Double?
  /// Accuracy of always answering the most frequent class.
  let constantGuess: Double?
  /// Distinct sequences that were held out.
  let heldOut: Int?
  let rows: [Row]?
  let weighted: Averages?
  let calibrationError: Double?

  /// Whether more than one class was met: of a single one nothing can be told apart.
  var isTelling: Bool { (rows ?? []).filter { ($0.support ?? 0) > 0 }.count > 1 }

  /// One class.
  struct Row: Decodable {
    let kind: String
    let precision: Double?
    let recall: Double?
    let f1: Double?
    let support: Double?
    let reading: String?
  }

  /// Averages weighted by support.
  struct Averages: Decodable {
    let precision: Double?
    let recall: Double?
    let f1: Double?
  }
}
