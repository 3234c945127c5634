// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Birchlog
import CBirchlog

@c @implementation
public func birchlog_model_load(
  _ path: UnsafePointer<CChar>!, _ model: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let output = try Arguments.required(model, "model")
    output.pointee = Handle.make(try Model(path: Arguments.path(path)))
  }
}

@c @implementation
public func birchlog_model_load_memory(
  _ bytes: UnsafePointer<UInt8>!, _ length: Int, _ model: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let output = try Arguments.required(model, "model")
    let buffer = try Arguments.bytes(
      bytes, length, "bytes", limit: BIRCHLOG_MAX_BUFFER_LENGTH, "BIRCHLOG_MAX_BUFFER_LENGTH")
    output.pointee = Handle.make(try Model(bytes: Array(buffer), name: "The buffer"))
  }
}

@c @implementation
public func birchlog_model_save(
  _ model: OpaquePointer!, _ path: UnsafePointer<CChar>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let model: Model = try Handle.object(model, "model")
    try model.save(to: Arguments.path(path))
  }
}

@c @implementation
public func birchlog_model_retain(_ model: OpaquePointer!) -> OpaquePointer! {
  guard let object: Model = try? Handle.object(model, "model") else { return nil }
  return Handle.make(object)
}

@c @implementation
public func birchlog_model_free(_ model: OpaquePointer!) {
  Handle.free(model, as: Model.self)
}

@c @implementation
public func birchlog_model_describe(
  _ model: OpaquePointer!, _ json: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let model: Model = try Handle.object(model, "model")
    let output = try Arguments.required(json, "json")
    output.pointee = Handle.make(Text(model.describe().text))
  }
}
