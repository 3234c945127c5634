// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Birchlog
import CBirchlog

@c @implementation
public func birchlog_stream_create(
  _ model: OpaquePointer!, _ options: UnsafePointer<CChar>!,
  _ stream: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let model: Model = try Handle.object(model, "model")
    let output = try Arguments.required(stream, "stream")
    output.pointee = Handle.make(try LogStream(model: model, options: Arguments.options(options)))
  }
}

@c @implementation
public func birchlog_stream_push(
  _ stream: OpaquePointer!, _ line: UnsafePointer<CChar>!, _ length: Int
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let stream: LogStream = try Handle.object(stream, "stream")
    let bytes = try Arguments.bytes(
      line, length, "line", limit: BIRCHLOG_MAX_LINE_LENGTH, "BIRCHLOG_MAX_LINE_LENGTH")
    try stream.push(bytes)
  }
}

@c @implementation
public func birchlog_stream_files(
  _ stream: OpaquePointer!, _ paths: UnsafePointer<UnsafePointer<CChar>?>!, _ path_count: Int,
  _ callback: birchlog_findings_callback!, _ context: UnsafeMutableRawPointer!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let stream: LogStream = try Handle.object(stream, "stream")
    let callback = try Arguments.required(callback, "callback")
    try stream.classify(files: Arguments.paths(paths, path_count)) { findings in
      let box = Handle.make(FindingsBox(findings))
      defer { Handle.free(box, as: FindingsBox.self) }
      return callback(box, context) == 0
    }
  }
}

@c @implementation
public func birchlog_stream_poll(
  _ stream: OpaquePointer!, _ findings: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let stream: LogStream = try Handle.object(stream, "stream")
    let output = try Arguments.required(findings, "findings")
    output.pointee = Handle.make(FindingsBox(try stream.poll()))
  }
}

@c @implementation
public func birchlog_stream_flush(_ stream: OpaquePointer!) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let stream: LogStream = try Handle.object(stream, "stream")
    stream.flush(ended: true)
  }
}

@c @implementation
public func birchlog_stream_finish(_ stream: OpaquePointer!) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let stream: LogStream = try Handle.object(stream, "stream")
    stream.flush(ended: false)
  }
}

@c @implementation
public func birchlog_stream_snapshot(
  _ stream: OpaquePointer!, _ path: UnsafePointer<CChar>!, _ mark: UnsafePointer<CChar>!,
  _ mark_length: Int
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let stream: LogStream = try Handle.object(stream, "stream")
    let mark = try Arguments.bytes(
      mark, mark_length, "mark", limit: BIRCHLOG_MAX_MARK_LENGTH, "BIRCHLOG_MAX_MARK_LENGTH")
    try stream.snapshot(to: Arguments.path(path), mark: Array(mark))
  }
}

@c @implementation
public func birchlog_stream_restore(
  _ stream: OpaquePointer!, _ path: UnsafePointer<CChar>!,
  _ mark: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let stream: LogStream = try Handle.object(stream, "stream")
    let output = try Arguments.required(mark, "mark")
    let mark = try stream.restore(from: Arguments.path(path))
    output.pointee = Handle.make(Text(String(decoding: mark, as: UTF8.self)))
  }
}

@c @implementation
public func birchlog_stream_statistics(
  _ stream: OpaquePointer!, _ json: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let stream: LogStream = try Handle.object(stream, "stream")
    let output = try Arguments.required(json, "json")
    output.pointee = Handle.make(Text(stream.statistics.json.text))
  }
}

@c @implementation
public func birchlog_stream_free(_ stream: OpaquePointer!) {
  Handle.free(stream, as: LogStream.self)
}
