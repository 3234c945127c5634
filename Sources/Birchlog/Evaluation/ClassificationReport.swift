/// The table of precision, recall, F1 and support for each class, as the paper prints it.
public struct ClassificationReport: Sendable, Equatable {
  /// One class.
  public struct Row: Sendable, Equatable {
    /// The class.
    public var label: String
    /// Share of the units answered with the class that belong to it; 0 where none was.
    public var precision: Double
    /// Share of the class's units that were answered with it; 0 for a class without units.
    public var recall: Double
    /// The harmonic mean of precision and recall; 0 where both are.
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

  /// Means over classes.
  public struct Averages: Sendable, Equatable {
    public var precision: Double
    public var recall: Double
    public var f1: Double

    /// The means of `rows`, each with its weight; 0 where the weights' sum is.
    fileprivate init(_ rows: [Row], weight: (Row) -> Double) {
      let total = rows.reduce(0) { $0 + weight($1) }
      func mean(_ value: (Row) -> Double) -> Double {
        total > 0 ? rows.reduce(0) { $0 + value($1) * weight($1) } / total : 0
      }
      precision = mean(\.precision)
      recall = mean(\.recall)
      f1 = mean(\.f1)
    }
  }

  /// One row for each class that occurs in truth or answers, sorted by name.
  public let rows: [Row]
  /// Share of units answered with their class.
  public let accuracy: Double
  /// Mean recall of the classes that occur in the truth.
  public let balancedAccuracy: Double
  /// Plain means over the rows.
  public let macro: Averages
  /// Means over the rows, weighted by support.
  public let weighted: Averages

  /// Compares answers with the truth.
  ///
  /// - Parameters:
  ///   - truth: the true class of each unit.
  ///   - predicted: the answered class of each unit; as many as `truth`.
  ///   - weights: how much each unit counts, 0 or more; 1 each unless told.
  public init(truth: [String], predicted: [String], weights: [Double]? = nil) {
    var support: [String: Double] = [:]
    var answered: [String: Double] = [:]
    var hits: [String: Double] = [:]
    for index in 0..<min(truth.count, predicted.count, weights?.count ?? .max) {
      let weight = weights?[index] ?? 1
      support[truth[index], default: 0] += weight
      answered[predicted[index], default: 0] += weight
      if truth[index] == predicted[index] { hits[truth[index], default: 0] += weight }
    }
    let labels = Set(support.keys).union(answered.keys).sorted()
    let rows = labels.map { label in
      Row(
        label: label, hit: hits[label] ?? 0, answered: answered[label] ?? 0,
        support: support[label] ?? 0)
    }
    // In the rows' order: a sum over a dictionary would round differently in each process.
    let total = rows.reduce(0) { $0 + $1.support }
    let hit = rows.reduce(0) { $0 + (hits[$1.label] ?? 0) }
    self.rows = rows
    accuracy = total > 0 ? hit / total : 0
    balancedAccuracy = Averages(rows) { $0.support > 0 ? 1 : 0 }.recall
    macro = Averages(rows) { _ in 1 }
    weighted = Averages(rows, weight: \.support)
  }
}
