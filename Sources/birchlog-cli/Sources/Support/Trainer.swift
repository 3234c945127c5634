import CBirchlog

/// An owned trainer of the library.
final class Trainer {
  private let handle: OpaquePointer

  /// A trainer with `options`, one JSON object.
  init(options: String?) throws {
    var handle: OpaquePointer?
    try CommandFailure.check(birchlog_trainer_create(options, &handle))
    self.handle = try Model.existing(handle)
  }

  deinit {
    birchlog_trainer_free(handle)
  }

  /// Adds a file that is known to be clean.
  func addNormal(_ path: String) throws {
    try CommandFailure.check(birchlog_trainer_add_file(handle, path, BIRCHLOG_ROLE_NORMAL))
  }

  /// Adds a file that may hold anything.
  func addMixed(_ path: String) throws {
    try CommandFailure.check(birchlog_trainer_add_file(handle, path, BIRCHLOG_ROLE_MIXED))
  }

  /// Trains.
  func run(progress: ProgressLine) throws -> Model {
    try make(progress) { birchlog_trainer_run(handle, $0, $1, $2) }
  }

  /// Finds the kinds of `base` anew.
  func run(refitting base: Model, progress: ProgressLine) throws -> Model {
    try make(progress) { birchlog_trainer_refit(handle, base.handle, $0, $1, $2) }
  }

  /// Goes on from `base`.
  func run(updating base: Model, progress: ProgressLine) throws -> Model {
    try make(progress) { birchlog_model_update(base.handle, handle, $0, $1, $2) }
  }

  private func make(
    _ progress: ProgressLine,
    _ call: (
      birchlog_progress_callback, UnsafeMutableRawPointer, UnsafeMutablePointer<OpaquePointer?>
    ) -> birchlog_status
  ) throws -> Model {
    var result: OpaquePointer?
    let callback: birchlog_progress_callback = { progress, context in
      guard let progress, let context else { return 0 }
      Unmanaged<ProgressLine>.fromOpaque(context).takeUnretainedValue().show(progress.pointee)
      return 0
    }
    let context = Unmanaged.passUnretained(progress).toOpaque()
    let status = call(callback, context, &result)
    progress.clear()
    try CommandFailure.check(status)
    return try Model(owning: Model.existing(result))
  }
}
