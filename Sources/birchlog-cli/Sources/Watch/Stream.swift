import CBirchlog

/// An owned stream of the library: lines in, findings out.
final class Stream {
  private let handle: OpaquePointer

  /// - Parameter options: the library's options as JSON.
  init(_ model: Model, options: String?) throws {
    var handle: OpaquePointer?
    try CommandFailure.check(birchlog_stream_create(model.handle, options, &handle))
    self.handle = try Model.existing(handle)
  }

  deinit { birchlog_stream_free(handle) }

  /// Takes a line; false when the library refused it and said why through ``lastError``.
  func push(_ line: UnsafeRawBufferPointer) throws -> Bool {
    let status = birchlog_stream_push(
      handle, line.bindMemory(to: CChar.self).baseAddress, line.count)
    if status == BIRCHLOG_ERROR_INPUT { return false }
    try CommandFailure.check(status)
    return true
  }

  /// What the library said of the last call that failed.
  var lastError: String { String(cString: birchlog_last_error()) }

  /// Hands over what was found since the last call.
  func poll(_ take: (Findings) throws -> Void) throws {
    var findings: OpaquePointer?
    try CommandFailure.check(birchlog_stream_poll(handle, &findings))
    defer { birchlog_findings_free(findings) }
    let found = Findings(handle: try Model.existing(findings))
    if found.count > 0 { try take(found) }
  }

  /// Classifies files and hands each batch of verdicts to `receive` as it comes.
  func classify(_ paths: [String], receive: @escaping (Findings) throws -> Void) throws {
    try FindingsReceiver.run(receive) { callback, context in
      CStrings.with(paths) { pointers, count in
        birchlog_stream_files(handle, pointers, count, callback, context)
      }
    }
  }

  /// Ends all open sessions as over.
  func flush() throws { try CommandFailure.check(birchlog_stream_flush(handle)) }

  /// Ends the input; what is open stays so.
  func finish() throws { try CommandFailure.check(birchlog_stream_finish(handle)) }

  /// Writes all that the stream holds, with a mark.
  func snapshot(to path: String, mark: String) throws {
    try CommandFailure.check(
      birchlog_stream_snapshot(handle, path, mark, mark.utf8.count))
  }

  /// Goes on from a snapshot and gives its mark; nil with a reason when it cannot be used.
  func restore(from path: String) throws -> (mark: String?, reason: String) {
    var mark: OpaquePointer?
    let status = birchlog_stream_restore(handle, path, &mark)
    if status == BIRCHLOG_ERROR_INPUT || status == BIRCHLOG_ERROR_MODEL { return (nil, lastError) }
    try CommandFailure.check(status)
    defer { birchlog_text_free(mark) }
    return (String(cString: birchlog_text_data(mark)), "")
  }

  /// The counts so far, as JSON.
  func statisticsJSON() throws -> String {
    var text: OpaquePointer?
    try CommandFailure.check(birchlog_stream_statistics(handle, &text))
    defer { birchlog_text_free(text) }
    return String(cString: birchlog_text_data(text))
  }
}
