import ArgumentParser

/// Makes several kinds one.
struct KindsMerge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Make several kinds one, which has the id of the first.",
    discussion: """
      Findings carry that id at once, the other ids stay as its aliases, and refits keep the units together. --undo takes the \
      last merge into a kind back.

      Examples:
        birchlog kinds merge -m service.birchlog k3 k7 k12
        birchlog kinds merge -m service.birchlog k3 --undo
      """)

  @Argument(help: "The ids of the kinds; the first one stays.")
  var kinds: [String]

  @Flag(help: "Take the last merge into the kind back.")
  var undo = false

  @OptionGroup var edit: KindsEditOptions

  func validate() throws {
    if undo && kinds.count != 1 {
      throw ValidationError("--undo takes the one kind that was merged into.")
    }
    if !undo && kinds.count < 2 {
      throw ValidationError("A merge takes two kinds or more; give the one that stays first.")
    }
  }

  func run() throws {
    try edit.run { try undo ? $0.undoing("merge", kinds[0]) : $0.merging(kinds) }
  }
}

/// Makes one kind several.
struct KindsSplit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Make one kind several, each with an id of its own.",
    discussion: """
      It parts where the last merge of its units lies, or, with --exemplars, around the sessions named. A kind that was merged \
      falls back into its parts. Refits keep the parts apart. --undo takes the split of a kind, or the one that a part came \
      from, back.

      Examples:
        birchlog kinds split -m service.birchlog k3
        birchlog kinds split -m service.birchlog k3 --exemplars req-1f,req-2c
        birchlog kinds split -m service.birchlog k3 --undo
      """)

  @Argument(help: "The id of the kind, such as k3.")
  var kind: String

  @Option(
    help: ArgumentHelp(
      "Remembered sessions, at least two and parted by commas: each becomes the middle of a part.",
      valueName: "id,id"))
  var exemplars: String?

  @Flag(help: "Take the split back.")
  var undo = false

  @OptionGroup var edit: KindsEditOptions

  private var sessions: [String] {
    (exemplars ?? "").split(separator: ",").map(String.init)
  }

  func validate() throws {
    if undo && exemplars != nil {
      throw ValidationError("--undo takes no exemplars; give one of them.")
    }
    if exemplars != nil && sessions.count < 2 {
      throw ValidationError("--exemplars needs two sessions or more, parted by commas.")
    }
  }

  func run() throws {
    try edit.run { try undo ? $0.undoing("split", kind) : $0.splitting(kind, sessions) }
  }
}
