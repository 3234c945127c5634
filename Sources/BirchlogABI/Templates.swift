// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Birchlog
import CBirchlog

// Templates by lines and files: each function checks its arguments and hands over to a `LineMiner`.

@c @implementation
public func birchlog_miner_create(
  _ options: UnsafePointer<CChar>!, _ miner: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let output = try Arguments.required(miner, "miner")
    output.pointee = Handle.make(try LineMiner(options: Arguments.options(options)))
  }
}

@c @implementation
public func birchlog_miner_from_model(
  _ model: OpaquePointer!, _ miner: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let model: Model = try Handle.object(model, "model")
    let output = try Arguments.required(miner, "miner")
    output.pointee = Handle.make(try LineMiner(model: model))
  }
}

@c @implementation
public func birchlog_miner_learn_line(
  _ miner: OpaquePointer!, _ line: UnsafePointer<CChar>!, _ length: Int,
  _ event: UnsafeMutablePointer<Int32>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let miner: LineMiner = try Handle.object(miner, "miner")
    let bytes = try lineBytes(line, length)
    let id = miner.learn(line: bytes)
    event?.pointee = id
  }
}

@c @implementation
public func birchlog_miner_learn_file(
  _ miner: OpaquePointer!, _ path: UnsafePointer<CChar>!,
  _ progress: birchlog_progress_callback!, _ context: UnsafeMutableRawPointer!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let miner: LineMiner = try Handle.object(miner, "miner")
    try miner.learn(file: Arguments.path(path), progress: reporter(progress, context))
  }
}

@c @implementation
public func birchlog_miner_finish(_ miner: OpaquePointer!) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let miner: LineMiner = try Handle.object(miner, "miner")
    miner.finish()
  }
}

@c @implementation
public func birchlog_miner_final_event(
  _ miner: OpaquePointer!, _ event: Int32, _ final_event: UnsafeMutablePointer<Int32>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let miner: LineMiner = try Handle.object(miner, "miner")
    let output = try Arguments.required(final_event, "final_event")
    output.pointee = miner.finalEvent(event)
  }
}

@c @implementation
public func birchlog_miner_parse_line(
  _ miner: OpaquePointer!, _ line: UnsafePointer<CChar>!, _ length: Int,
  _ json: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let miner: LineMiner = try Handle.object(miner, "miner")
    let output = try Arguments.required(json, "json")
    output.pointee = Handle.make(Text(miner.parse(line: try lineBytes(line, length))))
  }
}

@c @implementation
public func birchlog_miner_parse_file(
  _ miner: OpaquePointer!, _ path: UnsafePointer<CChar>!,
  _ callback: birchlog_lines_callback!, _ context: UnsafeMutableRawPointer!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let miner: LineMiner = try Handle.object(miner, "miner")
    let callback = try Arguments.required(callback, "callback")
    try miner.parse(file: Arguments.path(path)) { lines in
      callback(lines.baseAddress?.assumingMemoryBound(to: CChar.self), lines.count, context) == 0
    }
  }
}

@c @implementation
public func birchlog_miner_templates(
  _ miner: OpaquePointer!, _ json_lines: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let miner: LineMiner = try Handle.object(miner, "miner")
    let output = try Arguments.required(json_lines, "json_lines")
    output.pointee = Handle.make(Text(miner.templates))
  }
}

@c @implementation
public func birchlog_miner_statistics(
  _ miner: OpaquePointer!, _ json: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let miner: LineMiner = try Handle.object(miner, "miner")
    let output = try Arguments.required(json, "json")
    output.pointee = Handle.make(Text(miner.statistics.text))
  }
}

@c @implementation
public func birchlog_miner_free(_ miner: OpaquePointer!) {
  Handle.free(miner, as: LineMiner.self)
}

private func lineBytes(
  _ line: UnsafePointer<CChar>?, _ length: Int
) throws(BirchlogError) -> UnsafeRawBufferPointer {
  try Arguments.bytes(
    line, length, "line", limit: BIRCHLOG_MAX_LINE_LENGTH, "BIRCHLOG_MAX_LINE_LENGTH")
}
