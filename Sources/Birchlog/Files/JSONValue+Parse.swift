import CJSONC

extension JSONValue {
  /// Levels of nesting that are read.
  private static let depthLimit = 64

  /// Parses one whole document with json-c, strictly.
  ///
  /// Of equal keys in one object the last counts. Costs time and memory in proportion to the text,
  /// whatever it holds.
  ///
  /// - Throws: `input`, with the position in bytes from 0.
  public init(parsing text: String) throws(BirchlogError) {
    try self.init(parsing: Array(text.utf8))
  }

  /// Parses one whole document of UTF-8 bytes; an invalid sequence is an error.
  ///
  /// - Parameter budget: memory in bytes that json-c may take for it beyond its strings; some 50
  ///   times the text unless told.
  /// - Throws: `input`, with the position in bytes from 0.
  init(parsing bytes: [UInt8], budget: Int? = nil) throws(BirchlogError) {
    let budget = budget ?? JSONScreen.ordinaryBudget(length: bytes.count)
    if let complaint = JSONScreen.complaint(about: bytes, budget: budget) {
      throw .input(complaint)
    }
    guard bytes.count < Int(Int32.max), let tokener = json_tokener_new_ex(Int32(Self.depthLimit))
    else { throw .input("the text is too long.") }
    defer { json_tokener_free(tokener) }
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8)
    var parsed = bytes.withUnsafeBytes { buffer in
      json_tokener_parse_ex(
        tokener, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count))
    }
    var error = json_tokener_get_error(tokener)
    var end = json_tokener_get_parse_end(tokener)
    if error == json_tokener_continue {
      // A bare number or word may want to see its end: a blank says that nothing follows.
      let blank: [CChar] = [0x20]
      parsed = json_tokener_parse_ex(tokener, blank, 1)
      error = json_tokener_get_error(tokener)
      end = bytes.count
    }
    defer { json_object_put(parsed) }
    guard error == json_tokener_success else {
      let reason = json_tokener_error_desc(error).map { String(cString: $0) } ?? "malformed"
      throw .input("\(reason) at byte \(end).")
    }
    guard bytes.dropFirst(end).allSatisfy({ [0x20, 0x09, 0x0a, 0x0d].contains($0) }) else {
      throw .input("more text after the document at byte \(end).")
    }
    self = try Self.value(of: parsed)
  }

  /// Depth of recursion is bounded by `depthLimit`.
  private static func value(of object: OpaquePointer?) throws(BirchlogError) -> JSONValue {
    switch json_object_get_type(object) {
    case json_type_boolean: return .bool(json_object_get_boolean(object) != 0)
    case json_type_int: return .integer(json_object_get_int64(object))
    case json_type_double:
      let number = json_object_get_double(object)
      guard number.isFinite else { throw .input("a number too large for a double.") }
      return .number(number)
    case json_type_string: return .string(string(of: object))
    case json_type_array:
      var values: [JSONValue] = []
      values.reserveCapacity(json_object_array_length(object))
      for index in 0..<json_object_array_length(object) {
        values.append(try value(of: json_object_array_get_idx(object, index)))
      }
      return .array(values)
    case json_type_object: return .object(try members(of: object))
    default: return .null
    }
  }

  private static func string(of object: OpaquePointer?) -> String {
    let length = Int(json_object_get_string_len(object))
    guard length > 0, let start = json_object_get_string(object) else { return "" }
    return String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
  }

  private static func members(of object: OpaquePointer?) throws(BirchlogError) -> JSONObject {
    var result = JSONObject()
    var iterator = json_object_iter_begin(object)
    var end = json_object_iter_end(object)
    while json_object_iter_equal(&iterator, &end) == 0 {
      if let name = json_object_iter_peek_name(&iterator) {
        result[String(cString: name)] = try value(of: json_object_iter_peek_value(&iterator))
      }
      json_object_iter_next(&iterator)
    }
    return result
  }
}
