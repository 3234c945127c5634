import Glibc

/// The model file of a watch, which operators and updates replace while it runs.
final class WatchedModel {
  let path: String
  private let reading: ReadingOptions
  private let options: OptionsText
  /// What the file looked like when it was last read.
  private var seen: Look?

  /// File, time of the last change and length: what replacing a file changes.
  private struct Look: Equatable {
    let identity: FileIdentity
    let seconds: Int
    let nanoseconds: Int
    let length: Int

    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      identity = FileIdentity(status)
      (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
      length = Int(status.st_size)
    }
  }

  init(path: String, reading: ReadingOptions, options: OptionsText) {
    self.path = path
    self.reading = reading
    self.options = options
  }

  /// Whether the path holds another model than the one read last; a file that is gone is none.
  var hasChanged: Bool {
    guard let now = Look(path) else { return false }
    return now != seen
  }

  /// Reads the model.
  func load() throws -> Model {
    // Looked at first: what changes while it is read is read again.
    seen = Look(path)
    return try Model.load(path)
  }

  /// A stream over a model, as the command asks for it.
  func stream(_ model: Model) throws -> Stream { try Stream(model, options: reading.json(options)) }

  /// Whether a session is a file, and over when the file is replaced.
  func endsWithFile(_ model: Model) throws -> Bool { try model.describe().isOfFiles }

  /// Seconds after which a session is over.
  func idleSeconds(_ model: Model) throws -> Double {
    try reading.value(of: "idle_seconds") ?? model.describe().options?.idleSeconds ?? 0
  }
}
