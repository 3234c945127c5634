/// Precision, recall and F1 for each class with their weighted averages, as the paper prints them.
struct MetricsTable: Decodable {
  let accuracy: Double?
  let balancedAccuracy: Double?
  /// Balanced accuracy of always answering one class.
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
    /// The ids under which the kind is shown since it was merged or split.
    let now: [String]?

    /// Precision, recall, F1 and support as text. Of a class that nothing was measured on there is none.
    var figures: [String] {
      if support == 0 { return ["–", "–", "–", "0"] }
      return [precision, recall, f1].map { Numbers.fixed($0) }
        + [Numbers.grouped(support.map { Int($0) })]
    }

    /// The id of the class, and what became of it.
    func title(_ names: [String: String] = [:]) -> String {
      func named(_ id: String) -> String { names[id].map { "\(id) \($0)" } ?? id }
      guard let now else { return named(kind) }
      return "\(kind) (now \(now.map(named).joined(separator: ", ")))"
    }
  }

  /// Averages weighted by support.
  struct Averages: Decodable {
    let precision: Double?
    let recall: Double?
    let f1: Double?
  }
}
