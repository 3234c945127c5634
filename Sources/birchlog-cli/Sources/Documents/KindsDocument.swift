/// The kinds that a model knows.
struct KindsDocument: Decodable {
  /// Mean silhouette of the clustering, −1 to 1.
  let silhouette: Double?
  let kinds: [Kind]
  let retired: [Retired]?

  /// A discovered group of units.
  struct Kind: Decodable {
    let id: String
    let name: String?
    let normal: Bool
    let marked: Bool?
    let candidate: Bool?
    let aliases: [String]?
    let notes: [String]?
    /// In log time, where the log's lines show one.
    let firstSeen: String?
    let lastSeen: String?
    /// What the log's times do not name, `date` or `year`.
    let timeLacks: String?
    /// Units, and how many of them differ.
    let size: Int
    let distinct: Int?
    let share: Double?
    /// Share of its sessions that had not ended; nil where ends are not looked at.
    let openShare: Double?
    let silhouette: Double?
    let radius: Double?
    let reading: String?
    let evidence: [Evidence]?
    let samples: [Sample]?

    /// From when to when it was seen; nil where times are not known.
    var seen: String? {
      guard let first = time(firstSeen)?.text, let last = time(lastSeen)?.text else { return nil }
      return (first == last ? first : "\(first) to \(last)") + LogTime.words(lacks: timeLacks)
    }

    /// One of its times.
    func time(_ text: String?) -> LogTime? { LogTime(text, lacks: timeLacks) }

    /// The operator's name with the id, or the id alone.
    var title: String {
      guard let name, !name.isEmpty else { return id }
      return "\(id) \(name)"
    }

    /// What sort of kind it is, in one word.
    var nature: String {
      if normal { return "normal" }
      if marked == true { return "marked" }
      return candidate == true ? "candidate" : "anomaly"
    }
  }

  /// An event that sets a kind apart.
  struct Evidence: Decodable {
    let event: Int
    let template: String
    /// Share of the kind's units that hold the event, and share of normal ones.
    let share: Double?
    let normalShare: Double?
    let direction: String?

    var isMissing: Bool { direction == "missing" }
  }

  /// A decoded sequence of a kind.
  struct Sample: Decodable {
    let session: String?
    let events: [Int]
    let templates: [String]?
    /// Units with this very sequence.
    let count: Int?
    /// Position of the event that decided.
    let decisive: Int?
  }

  /// A kind that a refit merged into another.
  struct Retired: Decodable {
    let id: String
    let name: String?
    let into: String?
  }
}
