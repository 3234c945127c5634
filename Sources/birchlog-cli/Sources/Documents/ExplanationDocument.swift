/// A verdict with all its reasons.
struct ExplanationDocument: Decodable {
  let finding: FindingDocument
  let details: Details

  init(from decoder: any Decoder) throws {
    finding = try FindingDocument(from: decoder)
    details = try Details(from: decoder)
  }

  /// What an explanation holds beside the finding.
  struct Details: Decodable {
    let summary: String?
    let decisive: [Int]
    let counts: [EventCount]?
    let neighbours: [Neighbour]?
    let attended: [Attended]?
    let exemplar: Exemplar?
    let repair: Repair?
    let scoreWithout: Double?
    let raw: Raw?
    let signature: [Float]?
  }

  /// Another kind and what tells it from this one.
  struct Neighbour: Decodable {
    let kind: String
    let name: String?
    let distance: Double
    let probability: Double?
    let evidence: [Evidence]

    struct Evidence: Decodable {
      let template: String
      let occurrences: Int
      let weight: Double
      let share: Double?
      let neighbourShare: Double?
    }
  }

  /// How much the classifier looked at one position.
  struct Attended: Decodable {
    let position: Int
    let template: String
    let line: Int?
    let mean: Double
    let heads: [Double]
  }

  /// The most similar remembered session.
  struct Exemplar: Decodable {
    let session: String
    let kind: String?
    let distance: Double
    let count: Int
  }

  /// Changes after which the unit were normal, or nearer to it.
  struct Repair: Decodable {
    let edits: [Edit]
    let score: Double
    let anomalous: Bool

    struct Edit: Decodable {
      let action: String
      let template: String
      let positions: [Int]
      let line: Int?
      let score: Double
    }
  }

  /// The lines as they stood in the log.
  struct Raw: Decodable {
    let lines: [Line]
    let omitted: Int
    /// Why texts are missing.
    let note: String?

    struct Line: Decodable {
      let line: Int
      let offset: Int?
      let position: Int?
      let decisive: Bool
      let text: String?
    }
  }
}
