/// What operators have decided about a model's kinds; it outlives refits and updates.
///
/// Discovery gives *found* kinds, each with a stable id; operators see *shown* kinds. A shown kind
/// is one found kind, or several that were merged. Decisions refer to ids only, so that they hold
/// for as long as a refit gives found kinds their ids again.
public struct KindDecisions: Sendable, Equatable {
  /// What an operator said about a shown kind.
  struct Remark: Sendable, Equatable {
    var name: String?
    var notes: [String] = []
    /// Harmless: its units are not anomalous.
    var isMarked = false

    var isEmpty: Bool { name == nil && notes.isEmpty && !isMarked }
  }

  /// A kind whose parts are to stay apart.
  struct Parting: Sendable, Equatable {
    var whole: String
    var parts: [String]
  }

  /// By id of a shown kind; those of kinds that are merged at present wait for the merge's end.
  var remarks: [String: Remark] = [:]
  /// The shown kind of each found kind that is not shown under its own id.
  var groups: [String: String] = [:]
  var partings: [Parting] = []
  /// All edits and refits, oldest first.
  public internal(set) var journal: [KindEdit] = []

  /// Entries of the journal that are kept.
  static let journalLimit = 10_000
  /// Notes on one kind, and bytes of a name and of a note, at most.
  static let noteCount = 100
  static let nameLength = 256
  static let noteLength = 4_096

  public init() {}

  /// Nothing was decided that concerns discovery.
  var isEmpty: Bool { remarks.isEmpty && groups.isEmpty && partings.isEmpty }

  /// The id under which a found kind is shown.
  func shownID(of found: String) -> String { groups[found] ?? found }

  func name(of shown: String) -> String? { remarks[shown]?.name }

  func isMarked(_ shown: String) -> Bool { remarks[shown]?.isMarked ?? false }

  /// The found kinds that are shown as `shown`, of those given.
  func parts(of shown: String, among found: [String]) -> [String] {
    found.filter { shownID(of: $0) == shown }
  }

  mutating func log(_ edit: KindEdit) {
    journal.append(edit)
    if journal.count > Self.journalLimit {
      journal.removeFirst(journal.count - Self.journalLimit)
    }
  }

  // MARK: Ids

  /// The first number that no kind has ever had.
  func nextNumber(found: [String], retired: [String]) -> Int {
    var ids = found + retired + Array(groups.keys) + Array(groups.values) + Array(remarks.keys)
    for parting in partings { ids += parting.parts + [parting.whole] }
    for edit in journal { ids += edit.kinds + [edit.kind] }
    return ids.reduce(1) { max($0, (Self.number(of: $1) ?? 0) + 1) }
  }

  private static func number(of id: String) -> Int? {
    guard id.first == "k", let number = Int(id.dropFirst()), (0..<(1 << 31)).contains(number)
    else { return nil }
    return number
  }

  // MARK: What decisions demand of later refits

  /// Whether two found kinds may never be one: the operator split them, named them differently, or
  /// marked only one.
  func areApart(_ first: String, _ second: String) -> Bool {
    let (left, right) = (shownID(of: first), shownID(of: second))
    guard left != right else { return false }
    if isMarked(left) != isMarked(right) { return true }
    if let name = self.name(of: left), let other = self.name(of: right), name != other {
      return true
    }
    return partings.contains { parting in
      guard let own = part(of: parting, holding: first),
        let other = part(of: parting, holding: second)
      else { return false }
      return own != other
    }
  }

  /// Whether all units of a found kind are to stay together: its kind was merged or marked.
  func isWhole(_ found: String, among all: [String]) -> Bool {
    let shown = shownID(of: found)
    return isMarked(shown) || parts(of: shown, among: all).count > 1
  }

  private func part(of parting: Parting, holding found: String) -> Int? {
    parting.parts.firstIndex { $0 == shownID(of: found) || descends(found, from: $0) }
  }

  /// Whether a found kind is a kind, or came from it by splits.
  func descends(_ found: String, from whole: String) -> Bool {
    var reached: Set<String> = [whole]
    // What a merge had joined kept its own ids, and nothing came from it.
    for parting in partings
    where reached.contains(parting.whole) && !parting.parts.contains(parting.whole) {
      reached.formUnion(parting.parts)
    }
    return reached.contains(found)
  }
}
