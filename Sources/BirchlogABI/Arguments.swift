import Birchlog
import CBirchlog

/// Checks of what comes from C: nothing behind them may trap.
enum Arguments {
  /// A pointer that must not be NULL.
  static func required<Pointer>(_ pointer: Pointer?, _ name: String) throws(BirchlogError)
    -> Pointer
  {
    guard let pointer else { throw .argument("Argument \"\(name)\" is NULL.") }
    return pointer
  }

  /// A length that must lie within a limit of the header.
  static func length(
    _ length: Int, _ name: String, limit: UInt32, _ limitName: String
  ) throws(BirchlogError) {
    guard length >= 0, length <= Int(limit) else {
      throw .limit(
        "Argument \"\(name)\" is \(UInt(bitPattern: length)), above \(limitName) (\(limit)); split the call."
      )
    }
  }

  /// Text that C handed over, NUL-terminated; invalid UTF-8 is mended. NULL gives nil.
  static func text(
    _ pointer: UnsafePointer<CChar>?, _ name: String, limit: UInt32, _ limitName: String
  ) throws(BirchlogError) -> String? {
    guard let pointer else { return nil }
    var length = 0
    while pointer[length] != 0 {
      length += 1
      guard length <= Int(limit) else {
        throw .limit("Argument \"\(name)\" is longer than \(limitName) (\(limit)) bytes.")
      }
    }
    let bytes = UnsafeRawBufferPointer(start: pointer, count: length)
    return String(decoding: bytes, as: UTF8.self)
  }

  static func options(_ pointer: UnsafePointer<CChar>?) throws(BirchlogError) -> String? {
    try text(
      pointer, "options", limit: BIRCHLOG_MAX_OPTIONS_LENGTH, "BIRCHLOG_MAX_OPTIONS_LENGTH")
  }

  /// A path: NULL and "" are errors.
  static func path(_ pointer: UnsafePointer<CChar>?, _ name: String = "path") throws(BirchlogError)
    -> String
  {
    let path = try text(required(pointer, name), name, limit: 4096, "PATH_MAX") ?? ""
    guard !path.isEmpty else { throw .argument("Argument \"\(name)\" is empty.") }
    return path
  }

  /// A path that may be NULL.
  static func optionalPath(
    _ pointer: UnsafePointer<CChar>?, _ name: String
  ) throws(BirchlogError) -> String? {
    pointer == nil ? nil : try path(pointer, name)
  }

  static func paths(
    _ pointers: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int
  ) throws(BirchlogError) -> [String] {
    try length(count, "path_count", limit: 65_536, "65536 paths")
    guard count > 0 else { return [] }
    let list = try required(pointers, "paths")
    var paths: [String] = []
    for index in 0..<count { paths.append(try path(list[index], "paths[\(index)]")) }
    return paths
  }

  /// A list of short texts, none of them NULL.
  static func names(
    _ pointers: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int, _ name: String
  ) throws(BirchlogError) -> [String] {
    try length(count, "count", limit: 65_536, "65536 \(name)")
    guard count > 0 else { return [] }
    let list = try required(pointers, name)
    var names: [String] = []
    for index in 0..<count {
      let own = "\(name)[\(index)]"
      names.append(
        try text(
          required(list[index], own), own, limit: BIRCHLOG_MAX_LINE_LENGTH,
          "BIRCHLOG_MAX_LINE_LENGTH") ?? "")
    }
    return names
  }

  /// Bytes that C handed over; NULL is allowed only with length 0.
  static func bytes(
    _ pointer: UnsafeRawPointer?, _ count: Int, _ name: String, limit: UInt32, _ limitName: String
  ) throws(BirchlogError) -> UnsafeRawBufferPointer {
    try length(count, "length", limit: limit, limitName)
    guard count > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(start: try required(pointer, name), count: count)
  }

  /// Event ids; none may be negative.
  static func events(_ pointer: UnsafePointer<Int32>?, _ count: Int) throws(BirchlogError)
    -> [Int32]
  {
    try length(count, "events", limit: BIRCHLOG_MAX_EVENTS, "BIRCHLOG_MAX_EVENTS")
    guard count > 0 else { return [] }
    let events = Array(UnsafeBufferPointer(start: try required(pointer, "events"), count: count))
    if let index = events.firstIndex(where: { $0 < 0 }) {
      throw .argument("events[\(index)] is \(events[index]); event ids are 0 or more.")
    }
    return events
  }

  /// Sessions laid out as one run of events with `count` + 1 offsets.
  static func sessions(
    _ events: UnsafePointer<Int32>?, _ offsets: UnsafePointer<Int>?, _ count: Int
  ) throws(BirchlogError) -> [[Int32]] {
    try length(count, "session_count", limit: BIRCHLOG_MAX_SESSIONS, "BIRCHLOG_MAX_SESSIONS")
    guard count > 0 else { return [] }
    let offsets = UnsafeBufferPointer(start: try required(offsets, "offsets"), count: count + 1)
    guard offsets[0] == 0 else { throw .argument("offsets[0] must be 0, not \(offsets[0]).") }
    for index in 0..<count {
      guard offsets[index + 1] >= offsets[index] else {
        throw .argument("offsets[\(index + 1)] is less than the offset before it.")
      }
      try length(
        offsets[index + 1] - offsets[index], "session \(index)", limit: BIRCHLOG_MAX_SESSION_EVENTS,
        "BIRCHLOG_MAX_SESSION_EVENTS")
    }
    let all = try self.events(events, offsets[count])
    return (0..<count).map { Array(all[offsets[$0]..<offsets[$0 + 1]]) }
  }
}
