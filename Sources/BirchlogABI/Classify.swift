// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Birchlog
import CBirchlog

@c @implementation
public func birchlog_classify_windows(
  _ model: OpaquePointer!, _ events: UnsafePointer<Int32>!, _ window_count: Int,
  _ window_length: Int, _ findings: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let model: Model = try Handle.object(model, "model")
    let output = try Arguments.required(findings, "findings")
    try Arguments.length(
      window_count, "window_count", limit: BIRCHLOG_MAX_SESSIONS, "BIRCHLOG_MAX_SESSIONS")
    try Arguments.length(
      window_length, "window_length", limit: BIRCHLOG_MAX_WINDOW_LENGTH,
      "BIRCHLOG_MAX_WINDOW_LENGTH")
    guard window_count == 0 || window_length > 0 else {
      throw .argument("Argument \"window_length\" is 0; a window has one event or more.")
    }
    let events = try Arguments.events(events, window_count * window_length)
    output.pointee = Handle.make(
      FindingsBox(try model.classify(windows: events, length: window_length)))
  }
}

@c @implementation
public func birchlog_classify_sessions(
  _ model: OpaquePointer!, _ events: UnsafePointer<Int32>!, _ offsets: UnsafePointer<Int>!,
  _ session_count: Int, _ findings: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let model: Model = try Handle.object(model, "model")
    let output = try Arguments.required(findings, "findings")
    let sessions = try Arguments.sessions(events, offsets, session_count)
    output.pointee = Handle.make(FindingsBox(try model.classify(sessions: sessions)))
  }
}

@c @implementation
public func birchlog_classify_lines(
  _ model: OpaquePointer!, _ lines: UnsafePointer<CChar>!, _ length: Int,
  _ options: UnsafePointer<CChar>!, _ findings: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let model: Model = try Handle.object(model, "model")
    let output = try Arguments.required(findings, "findings")
    let bytes = try Arguments.bytes(
      lines, length, "lines", limit: BIRCHLOG_MAX_BUFFER_LENGTH, "BIRCHLOG_MAX_BUFFER_LENGTH")
    let stream = try LogStream(model: model, options: Arguments.options(options))
    output.pointee = Handle.make(FindingsBox(try stream.classify(buffer: bytes)))
  }
}

@c @implementation
public func birchlog_classify_files(
  _ model: OpaquePointer!, _ paths: UnsafePointer<UnsafePointer<CChar>?>!, _ path_count: Int,
  _ options: UnsafePointer<CChar>!, _ callback: birchlog_findings_callback!,
  _ context: UnsafeMutableRawPointer!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let model: Model = try Handle.object(model, "model")
    let callback = try Arguments.required(callback, "callback")
    let paths = try Arguments.paths(paths, path_count)
    let stream = try LogStream(model: model, options: Arguments.options(options))
    try stream.classify(files: paths) { findings in
      let box = Handle.make(FindingsBox(findings))
      defer { Handle.free(box, as: FindingsBox.self) }
      return callback(box, context) == 0
    }
  }
}
