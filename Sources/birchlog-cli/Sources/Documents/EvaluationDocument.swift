/// How the verdicts compare with the truth.
struct EvaluationDocument: Decodable {
  let units: Int?
  let scored: Int?
  let withoutTruth: Int?
  let detection: Detection?
  let kinds: Kinds?
  let classifier: MetricsTable?
  let baselines: [Baseline]?
  let prefixes: Prefixes?

  /// The middle 95 % of a figure under resampling, by the figure's name.
  typealias Intervals = [String: [Double]?]

  /// How well anomalous units were told from normal ones.
  struct Detected: Decodable {
    let truePositives: Int?
    let falsePositives: Int?
    let trueNegatives: Int?
    let falseNegatives: Int?
    let precision: Double?
    let recall: Double?
    let f1: Double?
    let falsePositiveRate: Double?
    let auc: Double?
  }

  /// Detection over all units, with what stands beside it.
  struct Detection: Decodable {
    let all: Detected
    let distinct: Detected?
    let projected: Projected?
    let intervals: Intervals?

    enum CodingKeys: String, CodingKey { case distinct, projected, intervals }

    init(from decoder: any Decoder) throws {
      all = try Detected(from: decoder)
      let container = try decoder.container(keyedBy: CodingKeys.self)
      distinct = try container.decodeIfPresent(Detected.self, forKey: .distinct)
      projected = try container.decodeIfPresent(Projected.self, forKey: .projected)
      intervals = try container.decodeIfPresent(Intervals.self, forKey: .intervals)
    }
  }

  /// What was said of beginnings of anomalous sessions.
  struct Prefixes: Decodable {
    struct Point: Decodable {
      let share: Double?
      let found: Double?
      let agreement: Double?
      let unknown: Double?
      let calibrationError: Double?
    }

    let units: Int?
    let points: [Point]?
  }

  /// Precision and F1 at another share of anomalous units.
  struct Projected: Decodable {
    let prevalence: Double
    let precision: Double?
    let f1: Double?
  }

  /// A simple detector on the same units.
  struct Baseline: Decodable {
    let name: String
    let detected: Detected

    enum CodingKeys: String, CodingKey { case name }

    init(from decoder: any Decoder) throws {
      name = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .name)
      detected = try Detected(from: decoder)
    }
  }

  /// Found kinds against true kinds, over the truly anomalous units.
  struct Agreement: Decodable {
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

    enum CodingKeys: String, CodingKey {
      case found, scored, ari, nmi, vMeasure, homogeneity, completeness, purity
      case macroF1OneToOne, macroF1Majority
      case trueKinds = "true"
    }
  }

  /// The agreement over one partition of the units, with what stands beside it.
  struct Kinds: Decodable {
    let all: Agreement
    let distinct: Agreement?
    let joined: Agreement?
    let intervals: Intervals?
    let confusion: [ConfusionRow]?
    let perTrueKind: [MetricsTable.Row]?

    enum CodingKeys: String, CodingKey {
      case distinct, joined, intervals, confusion, perTrueKind
    }

    init(from decoder: any Decoder) throws {
      all = try Agreement(from: decoder)
      let container = try decoder.container(keyedBy: CodingKeys.self)
      distinct = try container.decodeIfPresent(Agreement.self, forKey: .distinct)
      joined = try container.decodeIfPresent(Agreement.self, forKey: .joined)
      intervals = try container.decodeIfPresent(Intervals.self, forKey: .intervals)
      confusion = try container.decodeIfPresent([ConfusionRow].self, forKey: .confusion)
      perTrueKind = try container.decodeIfPresent([MetricsTable.Row].self, forKey: .perTrueKind)
    }
  }

  /// The true kinds of the units that one found kind holds.
  struct ConfusionRow: Decodable {
    let kind: String
    let counts: [String: Int]
    let majority: String?
  }
}
