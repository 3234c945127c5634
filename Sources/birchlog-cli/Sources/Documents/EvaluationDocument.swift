/// How the verdicts compare with the truth.
struct EvaluationDocument: Decodable {
  let units: Int?
  let scored: Int?
  let withoutTruth: Int?
  let detection: Detection?
  let kinds: KindMetrics?
  let classifier: MetricsTable?

  enum CodingKeys: String, CodingKey {
    case units, scored, detection, kinds, classifier
    case withoutTruth = "without_truth"
  }

  /// Anomalous or not.
  struct Detection: Decodable {
    let truePositives: Int?
    let falsePositives: Int?
    let trueNegatives: Int?
    let falseNegatives: Int?
    let precision: Double?
    let recall: Double?
    let f1: Double?
    let falsePositiveRate: Double?
    let auc: Double?

    enum CodingKeys: String, CodingKey {
      case precision, recall, f1, auc
      case truePositives = "true_positives"
      case falsePositives = "false_positives"
      case trueNegatives = "true_negatives"
      case falseNegatives = "false_negatives"
      case falsePositiveRate = "false_positive_rate"
    }
  }

  /// Found kinds against true kinds, over the truly anomalous units.
  struct KindMetrics: Decodable {
    let found: Int?
    let trueKinds: Int?
    let scored: Int?
    let ari: Double?
    let nmi: Double?
    let vMeasure: Double?
    let homogeneity: Double?
    let completeness: Double?
    let purity: Double?
    let macroF1OneToOne: Double?
    let macroF1Majority: Double?
    let confusion: [ConfusionRow]?
    let perTrueKind: [MetricsTable.Row]?

    enum CodingKeys: String, CodingKey {
      case found, scored, ari, nmi, homogeneity, completeness, purity, confusion
      case trueKinds = "true"
      case vMeasure = "v_measure"
      case macroF1OneToOne = "macro_f1_one_to_one"
      case macroF1Majority = "macro_f1_majority"
      case perTrueKind = "per_true_kind"
    }
  }

  /// The true kinds of the units that one found kind holds.
  struct ConfusionRow: Decodable {
    let kind: String
    let counts: [String: Int]
    let majority: String?
  }
}
