/// The verdict on one session or window with its evidence.
struct FindingDocument: Decodable {
  let session: String
  let window: Int?
  let anomalous: Bool
  let open: Bool?
  /// False for a finding on a session that goes on.
  let final: Bool?
  let score: Double?
  let threshold: Double?
  let perturbation: Double?
  let kind: String
  let name: String?
  let confidence: Double?
  /// First and last source line, from 1; absent when the unit came as event ids.
  let lines: [Int]?
  let events: Int?
  let source: String?
  /// Time of the first and last line, ISO 8601; absent where the lines show none.
  let firstTime: String?
  let lastTime: String?
  /// What the log's times do not name, `date` or `year`.
  let timeLacks: String?
  let evidence: [Evidence]?
  let counts: [EventCount]?
  let missing: [MissingEvent]?
  let unseen: [Int]?
  /// What decided, in a few words; absent where nothing is anomalous.
  let reason: String?

  /// An event that surprised.
  struct Evidence: Decodable {
    let position: Int
    let event: Int
    let template: String
    let surprise: Double?
    let probability: Double?
    let rank: Int?
    let unseen: Bool?
    let line: Int?
    let text: String?
    let expected: [Expectation]?
  }

  /// An event that was expected in a place.
  struct Expectation: Decodable {
    let event: Int
    let template: String
    let probability: Double?
  }

  /// An event that nearly every normal unit holds and this one does not.
  struct MissingEvent: Decodable {
    let event: Int
    let template: String
    let expectedShare: Double?
  }

  /// The session had not ended when the input did.
  var isStillOpen: Bool { open == true && final != false }
}
