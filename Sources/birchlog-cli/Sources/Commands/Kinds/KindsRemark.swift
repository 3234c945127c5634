import ArgumentParser
import CBirchlog

/// Names a kind.
struct KindsName: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "name",
    abstract: "Give a kind a name of your own; an empty name takes it away.",
    discussion: """
      The name comes out with every finding and survives refits. --undo brings the name before back.

      Examples:
        birchlog kinds name -m service.birchlog k3 'payment timeout'
        birchlog kinds name -m service.birchlog k3 --undo
      """)

  @Argument(help: "The id of the kind, such as k3.")
  var kind: String

  @Argument(help: "The name.")
  var name: String?

  @Flag(help: "Take the last name back.")
  var undo = false

  @OptionGroup var edit: KindsEditOptions

  func validate() throws {
    if undo && name != nil { throw ValidationError("--undo takes no name; give one of them.") }
    if !undo && name == nil { throw ValidationError("The name is missing; '' takes it away.") }
    try KindsEditOptions.checkLength(of: name, "name", limit: BIRCHLOG_MAX_NAME_LENGTH)
  }

  func run() throws {
    try edit.run { try undo ? $0.undoing("name", kind) : $0.naming(kind, name) }
  }
}

/// Adds a note to a kind.
struct KindsNote: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note",
    abstract: "Write a note on a kind, for the next operator.",
    discussion: """
      Examples:
        birchlog kinds note -m service.birchlog k3 'call the payment team, ticket 4711'
        birchlog kinds note -m service.birchlog k3 --undo
      """)

  @Argument(help: "The id of the kind, such as k3.")
  var kind: String

  @Argument(help: "The note.")
  var text: String?

  @Flag(help: "Take the last note back.")
  var undo = false

  @OptionGroup var edit: KindsEditOptions

  func validate() throws {
    if undo && text != nil { throw ValidationError("--undo takes no note; give one of them.") }
    if !undo && text == nil { throw ValidationError("The note is missing.") }
    try KindsEditOptions.checkLength(of: text, "note", limit: BIRCHLOG_MAX_NOTE_LENGTH)
  }

  func run() throws {
    try edit.run { try undo ? $0.undoing("note", kind) : $0.noting(kind, text ?? "") }
  }
}

/// Marks a kind as harmless.
struct KindsMarkNormal: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mark-normal",
    abstract: "Say that a kind is harmless: its units are no longer anomalous.",
    discussion: """
      They keep the kind's id and are shown as marked. The mark survives refits.

      Examples:
        birchlog kinds mark-normal -m service.birchlog k9
        birchlog kinds mark-normal -m service.birchlog k9 --off
      """)

  @Argument(help: "The id of the kind, such as k9.")
  var kind: String

  @Flag(name: [.long, .customLong("undo")], help: "Take the mark away.")
  var off = false

  @OptionGroup var edit: KindsEditOptions

  func run() throws {
    try edit.run { try $0.marking(kind, !off) }
  }
}
