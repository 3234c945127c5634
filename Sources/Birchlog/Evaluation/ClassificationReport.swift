/// The table of precision, recall, F1 and support for each class, as the paper prints it.
public struct ClassificationReport: Sendable, Equatable {
  /// One class.
  public struct Row: Sendable, Equatable {
    public var label: String
    public var precision: Double
    public var recall: Double
    public var f1: Double
    /// Units of the class.
    public var support: Double

    /// - Parameters:
    ///   - hit: units of the class that were answered with it.
    ///   - answered: units that were answered with the class.
    init(label: String, hit: Double, answered: Double, support: Double) {
      self.label = label
      precision = answered > 0 ? hit / answered : 0
      recall = support > 0 ? hit / support : 0
      f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
      self.support = support
    }
  }

  /// One row for each class that occurs in truth or answers, sorted by name.
  public let rows: [Row]
  /// Share of units answered with their class.
  public let accuracy: Double
  /// Mean recall of the classes that occur in the truth.
  public let balancedAccuracy: Double
  /// Means of precision, recall and F1 weighted by support.
  public let weighted: (precision: Double, recall: Double, f1: Double)

  /// - Parameters:
  ///   - truth: the true class of each unit.
  ///   - predicted: the answered class of each unit; as many as `truth`.
  public init(truth: [String], predicted: [String]) {
    var support: [String: Double] = [:]
    var answered: [String: Double] = [:]
    var hits: [String: Double] = [:]
    for (own, answer) in zip(truth, predicted) {
      support[own, default: 0] += 1
      answered[answer, default: 0] += 1
      if own == answer { hits[own, default: 0] += 1 }
    }
    let rows = Set(truth).union(predicted).sorted().map {
      Row(label: $0, hit: hits[$0] ?? 0, answered: answered[$0] ?? 0, support: support[$0] ?? 0)
    }
    let total = Double(truth.count)
    func weightedMean(_ value: (Row) -> Double) -> Double {
      total > 0 ? rows.reduce(0) { $0 + value($1) * $1.support } / total : 0
    }
    let present = rows.filter { $0.support > 0 }
    self.rows = rows
    accuracy = total > 0 ? hits.values.reduce(0, +) / total : 0
    balancedAccuracy = present.isEmpty ? 0 : present.reduce(0) { $0 + $1.recall } / Double(present.count)
    weighted = (weightedMean(\.precision), weightedMean(\.recall), weightedMean(\.f1))
  }

  public static func == (left: ClassificationReport, right: ClassificationReport) -> Bool {
    left.rows == right.rows && left.accuracy == right.accuracy
  }
}
