/// What an update of a model saw and changed.
struct UpdateDocument: Decodable {
  let number: Int
  let units: Units
  let newEvents: Int
  let newNormalEvents: Int
  let oldLoss: Change
  let newLoss: Change
  let tuned: Bool
  let threshold: Change
  let newKinds: [String]
  let promotedKinds: [String]
  let retiredKinds: [String]
  let drift: Drift

  struct Units: Decodable {
    let normal: Int
    let mixed: Int
    let learned: Int
    /// Not anomalous, but like a known kind, and so not learned.
    let withheld: Int
  }

  /// A figure before and after.
  struct Change: Decodable {
    let before: Double
    let after: Double
  }

  /// How far the input was from what the model knew.
  struct Drift: Decodable {
    let unseen: Double
    let unknown: Double
    let surprise: Double
  }
}
