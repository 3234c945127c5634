/// One entry of the journal of a model's kinds.
public struct KindEdit: Sendable, Equatable {
  public enum Verb: String, Sendable {
    case name, note, merge, split, mark
    case imported = "import"
    case refit, update
  }

  public var verb: Verb
  /// The kind it is about; empty for what is about all of them.
  public var kind: String
  /// The other kinds: those merged into it, the parts it was split into, or those a refit retired.
  public var kinds: [String] = []
  /// The name or note given.
  public var text: String?
  /// The name before.
  public var before: String?
  /// Found kinds that a merge moved, each with the id under which it was shown before.
  var moved: [Move] = []
  /// The kinds that a refit found anew, each with the old one that most of its known units came
  /// from.
  public var born: [Birth] = []
  /// It takes an earlier entry back.
  public var isUndo = false
  /// A later entry takes it back.
  public var isUndone = false

  public struct Birth: Sendable, Equatable {
    public var id: String
    public var from: String?
  }

  struct Move: Sendable, Equatable {
    var found: String
    var shown: String
  }

  init(
    _ verb: Verb, _ kind: String, kinds: [String] = [], text: String? = nil, before: String? = nil,
    moved: [Move] = [], isUndo: Bool = false
  ) {
    self.verb = verb
    self.kind = kind
    self.kinds = kinds
    self.text = text
    self.before = before
    self.moved = moved
    self.isUndo = isUndo
  }
}
