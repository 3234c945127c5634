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
      /// What of the text became the event; absent where that is all of it.
      let message: String?

      /// Columns of the header of a line that does not fit.
      private static let head = 24

      /// The line in so many columns: of one that does not fit the message, behind the beginning of its
      /// header or, of a record of fields, alone.
      func shown(in columns: Int) -> String? {
        guard let text else { return nil }
        let line = DisplayText.clean(text)
        guard DisplayText.width(line) > columns, let message, !message.isEmpty else {
          return DisplayText.truncate(line, to: columns)
        }
        let own = DisplayText.clean(message)
        guard text.hasSuffix(message), columns > 3 * Self.head else {
          return DisplayText.truncate(own, to: columns)
        }
        let room = max(Self.head, columns - DisplayText.width(own) - 1)
        return DisplayText.truncate(
          DisplayText.truncate(line, to: room) + " " + own, to: columns)
      }
    }
  }
}
