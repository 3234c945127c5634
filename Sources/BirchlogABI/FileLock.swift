// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Birchlog
import CBirchlog

@c @implementation
public func birchlog_file_lock_take(
  _ path: UnsafePointer<CChar>!, _ seconds: UInt32, _ lock: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let output = try Arguments.required(lock, "lock")
    let lock = try FileLock(path: Arguments.path(path), patience: Int(seconds))
    output.pointee = lock.map { Handle.make($0) }
  }
}

@c @implementation
public func birchlog_file_lock_release(_ lock: OpaquePointer!) {
  Handle.free(lock, as: FileLock.self)
}
