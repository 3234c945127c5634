// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Birchlog
import CBirchlog

@c @implementation
public func birchlog_trainer_create(
  _ options: UnsafePointer<CChar>!, _ trainer: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let output = try Arguments.required(trainer, "trainer")
    output.pointee = Handle.make(try Trainer(options: Arguments.options(options)))
  }
}

@c @implementation
public func birchlog_trainer_add_file(
  _ trainer: OpaquePointer!, _ path: UnsafePointer<CChar>!, _ role: Int32
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let trainer: Trainer = try Handle.object(trainer, "trainer")
    try trainer.add(file: Arguments.path(path), isNormal: isNormal(role))
  }
}

@c @implementation
public func birchlog_trainer_add_lines(
  _ trainer: OpaquePointer!, _ lines: UnsafePointer<CChar>!, _ length: Int, _ role: Int32
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let trainer: Trainer = try Handle.object(trainer, "trainer")
    let bytes = try Arguments.bytes(
      lines, length, "lines", limit: BIRCHLOG_MAX_BUFFER_LENGTH, "BIRCHLOG_MAX_BUFFER_LENGTH")
    trainer.add(lines: Array(bytes), isNormal: try isNormal(role))
  }
}

@c @implementation
public func birchlog_trainer_add_sessions(
  _ trainer: OpaquePointer!, _ events: UnsafePointer<Int32>!, _ offsets: UnsafePointer<Int>!,
  _ session_count: Int, _ role: Int32
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let trainer: Trainer = try Handle.object(trainer, "trainer")
    let sessions = try Arguments.sessions(events, offsets, session_count)
    trainer.add(sessions: sessions, isNormal: try isNormal(role))
  }
}

@c @implementation
public func birchlog_trainer_run(
  _ trainer: OpaquePointer!, _ progress: birchlog_progress_callback!,
  _ context: UnsafeMutableRawPointer!, _ model: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let trainer: Trainer = try Handle.object(trainer, "trainer")
    let output = try Arguments.required(model, "model")
    output.pointee = Handle.make(try trainer.run(progress: reporter(progress, context)))
  }
}

@c @implementation
public func birchlog_trainer_refit(
  _ trainer: OpaquePointer!, _ base: OpaquePointer!, _ progress: birchlog_progress_callback!,
  _ context: UnsafeMutableRawPointer!, _ model: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let trainer: Trainer = try Handle.object(trainer, "trainer")
    let base: Model = try Handle.object(base, "base")
    let output = try Arguments.required(model, "model")
    output.pointee = Handle.make(
      try trainer.refit(base, progress: reporter(progress, context)))
  }
}

@c @implementation
public func birchlog_model_update(
  _ model: OpaquePointer!, _ trainer: OpaquePointer!, _ progress: birchlog_progress_callback!,
  _ context: UnsafeMutableRawPointer!, _ updated: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let base: Model = try Handle.object(model, "model")
    let trainer: Trainer = try Handle.object(trainer, "trainer")
    let output = try Arguments.required(updated, "updated")
    output.pointee = Handle.make(
      try trainer.update(base, progress: reporter(progress, context)))
  }
}

@c @implementation
public func birchlog_trainer_cancel(_ trainer: OpaquePointer!) {
  let trainer: Trainer? = try? Handle.object(trainer, "trainer")
  trainer?.cancel()
}

@c @implementation
public func birchlog_trainer_free(_ trainer: OpaquePointer!) {
  Handle.free(trainer, as: Trainer.self)
}

private func isNormal(_ role: Int32) throws(BirchlogError) -> Bool {
  switch role {
  case BIRCHLOG_ROLE_NORMAL: return true
  case BIRCHLOG_ROLE_MIXED: return false
  default:
    throw .argument(
      "Argument \"role\" is \(role); it is BIRCHLOG_ROLE_NORMAL (1) or BIRCHLOG_ROLE_MIXED (2).")
  }
}

/// Hands progress to the caller's function; without one nothing is reported.
func reporter(
  _ callback: birchlog_progress_callback?, _ context: UnsafeMutableRawPointer?
) -> (Progress) -> Bool {
  guard let callback else { return { _ in true } }
  return { progress in
    var report = birchlog_progress()
    report.struct_size = UInt32(MemoryLayout<birchlog_progress>.size)
    report.step = UInt32(clamping: progress.step)
    report.steps = UInt32(clamping: progress.steps)
    report.stage = cString(progress.stage.text)
    report.loss = progress.loss
    report.validation_loss = progress.validationLoss
    report.rate = progress.rate
    report.remaining = progress.remaining
    return callback(&report, context) == 0
  }
}
