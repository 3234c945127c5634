import CJSONC

extension JSONValue {
  /// Parses one whole document with json-c, strictly.
  ///
  /// - Throws: `input`, with the position in bytes.
  public init(parsing text: String) throws(BirchlogError) {
    try self.init(parsing: Array(text.utf8))
  }

  public init(parsing bytes: [UInt8]) throws(BirchlogError) {
    guard bytes.count < Int(Int32.max), let tokener = json_tokener_new_ex(64) else {
      throw .input("the text is too long.")
    }
    defer { json_tokener_free(tokener) }
    json_tokener_set_flags(
      tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8)
    let parsed = bytes.withUnsafeBytes { buffer in
      json_tokener_parse_ex(
        tokener, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count))
    }
    defer { json_object_put(parsed) }
    var error = json_tokener_get_error(tokener)
    if error == json_tokener_continue, parsed == nil {
      // A bare number or word may want to see its end: a blank says that nothing follows.
      let ending: [CChar] = [0x20]
      let late = json_tokener_parse_ex(tokener, ending, 1)
      defer { json_object_put(late) }
      error = json_tokener_get_error(tokener)
      if error == json_tokener_success {
        self = Self.value(of: late)
        return
      }
    }
    guard error == json_tokener_success else {
      let reason = json_tokener_error_desc(error).map { String(cString: $0) } ?? "malformed"
      throw .input("\(reason) at byte \(json_tokener_get_parse_end(tokener)).")
    }
    let end = json_tokener_get_parse_end(tokener)
    guard bytes[min(end, bytes.count)...].allSatisfy({ [0x20, 0x09, 0x0a, 0x0d].contains($0) }) else {
      throw .input("more text after the document at byte \(end).")
    }
    self = Self.value(of: parsed)
  }

  private static func value(of object: OpaquePointer?) -> JSONValue {
    switch json_object_get_type(object) {
    case json_type_boolean: return .bool(json_object_get_boolean(object) != 0)
    case json_type_int: return .integer(json_object_get_int64(object))
    case json_type_double: return .number(json_object_get_double(object))
    case json_type_string: return .string(string(of: object))
    case json_type_array:
      return .array((0..<json_object_array_length(object)).map {
        value(of: json_object_array_get_idx(object, $0))
      })
    case json_type_object: return .object(members(of: object))
    default: return .null
    }
  }

  private static func string(of object: OpaquePointer?) -> String {
    let length = Int(json_object_get_string_len(object))
    guard let start = json_object_get_string(object) else { return "" }
    return String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
  }

  private static func members(of object: OpaquePointer?) -> JSONObject {
    var result = JSONObject()
    var iterator = json_object_iter_begin(object)
    var end = json_object_iter_end(object)
    while json_object_iter_equal(&iterator, &end) == 0 {
      if let name = json_object_iter_peek_name(&iterator) {
        result[String(cString: name)] = value(of: json_object_iter_peek_value(&iterator))
      }
      json_object_iter_next(&iterator)
    }
    return result
  }
}
