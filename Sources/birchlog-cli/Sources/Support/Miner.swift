import CBirchlog

/// An owned template miner of the library.
final class Miner {
  private let handle: OpaquePointer

  /// A miner with `options`, one JSON object.
  init(options: String?) throws {
    var handle: OpaquePointer?
    try CommandFailure.check(birchlog_miner_create(options, &handle))
    self.handle = try Model.existing(handle)
  }

  deinit {
    birchlog_miner_free(handle)
  }

  /// Learns the lines of a file.
  func learn(_ path: String, progress: ProgressLine) throws {
    let status = birchlog_miner_learn_file(
      handle, path,
      { progress, context in
        guard let progress, let context else { return 0 }
        Unmanaged<ProgressLine>.fromOpaque(context).takeUnretainedValue().show(progress.pointee)
        return 0
      }, Unmanaged.passUnretained(progress).toOpaque())
    if status != BIRCHLOG_OK { progress.clear() }
    try CommandFailure.check(status)
  }

  /// Settles the templates.
  func finish() throws {
    try CommandFailure.check(birchlog_miner_finish(handle))
  }

  /// Parses the lines of a file and hands over JSON Lines.
  func parse(_ path: String, _ receive: @escaping (UnsafeRawBufferPointer) -> Void) throws {
    let receiver = Receiver(receive)
    try CommandFailure.check(
      birchlog_miner_parse_file(
        handle, path,
        { lines, length, context in
          guard let context else { return 0 }
          Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue()
            .receive(UnsafeRawBufferPointer(start: lines, count: length))
          return 0
        }, Unmanaged.passUnretained(receiver).toOpaque()))
  }

  /// The templates as JSON Lines.
  func templatesJSON() throws -> String {
    try Model.text { birchlog_miner_templates(handle, $0) }
  }

  /// The templates, the most frequent first.
  func templates() throws -> [TemplateDocument] {
    try templatesJSON().split(separator: "\n").map {
      try Documents.decode(TemplateDocument.self, from: String($0))
    }
  }

  /// Counts and warnings.
  func statistics() throws -> MinerStatistics {
    try Documents.decode(
      MinerStatistics.self, from: Model.text { birchlog_miner_statistics(handle, $0) })
  }

  /// Carries a closure through the library's callback.
  private final class Receiver {
    let receive: (UnsafeRawBufferPointer) -> Void

    init(_ receive: @escaping (UnsafeRawBufferPointer) -> Void) { self.receive = receive }
  }
}
