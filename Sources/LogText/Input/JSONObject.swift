import CJSONC

/// One parsed JSON object, freed when it goes out of use.
final class JSONObject {
  private let object: OpaquePointer

  fileprivate init(_ object: OpaquePointer) { self.object = object }

  deinit { json_object_put(object) }

  /// The value of a field as bytes: strings as they are, arrays of bytes as those (so journald writes what is no UTF-8), other
  /// values as JSON text; nil when absent or null. A name with dots that is no field leads into nested objects.
  func field(_ name: String) -> [UInt8]? {
    var value: OpaquePointer?
    if json_object_object_get_ex(object, name, &value) == 0 { value = nested(name) }
    guard let value else { return nil }
    if let bytes = Self.bytes(of: value) { return bytes }
    if json_object_get_type(value) == json_type_string {
      guard let text = json_object_get_string(value) else { return nil }
      let count = Int(json_object_get_string_len(value))
      return Array(UnsafeRawBufferPointer(start: text, count: max(0, count)))
    }
    guard let text = json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN) else {
      return nil
    }
    return Array(String(cString: text).utf8)
  }

  /// The fields that are texts or whole numbers, those of nested objects by names with dots.
  var fields: [RecordField] {
    var fields: [RecordField] = []
    Self.collect(object, prefix: "", depth: 3, into: &fields)
    return fields
  }

  private static func collect(
    _ object: OpaquePointer, prefix: String, depth: Int, into fields: inout [RecordField]
  ) {
    var place = json_object_iter_begin(object)
    var end = json_object_iter_end(object)
    while json_object_iter_equal(&place, &end) == 0, fields.count < RecordField.limit {
      if let name = json_object_iter_peek_name(&place),
        let value = json_object_iter_peek_value(&place)
      {
        let path = prefix + String(cString: name)
        switch json_object_get_type(value) {
        case json_type_object where depth > 1:
          collect(value, prefix: path + ".", depth: depth - 1, into: &fields)
        case json_type_string, json_type_int:
          if let text = json_object_get_string(value) {
            fields.append(RecordField(name: path, value: Array(String(cString: text).utf8)))
          }
        default: break
        }
      }
      json_object_iter_next(&place)
    }
  }

  private func nested(_ name: String) -> OpaquePointer? {
    guard name.utf8.contains(ASCII.dot) else { return nil }
    var inner: OpaquePointer? = object
    for part in name.split(separator: ".") {
      guard let outer = inner, json_object_get_type(outer) == json_type_object else { return nil }
      var value: OpaquePointer?
      guard json_object_object_get_ex(outer, String(part), &value) != 0 else { return nil }
      inner = value
    }
    return inner
  }

  private static func bytes(of value: OpaquePointer) -> [UInt8]? {
    guard json_object_get_type(value) == json_type_array else { return nil }
    let count = json_object_array_length(value)
    guard count > 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for index in 0..<count {
      guard let item = json_object_array_get_idx(value, index),
        json_object_get_type(item) == json_type_int,
        let byte = UInt8(exactly: json_object_get_int64(item))
      else { return nil }
      bytes.append(byte)
    }
    return bytes
  }
}

/// Parses JSON text, one object at a time, with json-c.
final class JSONObjectParser {
  private let tokener: UnsafeMutablePointer<json_tokener>

  init() throws(LogTextError) {
    // 32 levels: deeper objects are no log records, and depth is what an attacker would exhaust.
    guard let tokener = json_tokener_new_ex(32) else { throw .outOfMemory }
    self.tokener = tokener
  }

  deinit { json_tokener_free(tokener) }

  /// The object that the bytes are.
  ///
  /// - Throws: `malformedJSON` when they are anything else.
  func parse(_ bytes: UnsafeRawBufferPointer, line: UInt64, path: String) throws(LogTextError)
    -> JSONObject
  {
    json_tokener_reset(tokener)
    guard let count = Int32(exactly: bytes.count), count > 0 else {
      throw .malformedJSON(path: path, line: line, reason: "the line is empty or too long")
    }
    let text = bytes.bindMemory(to: CChar.self).baseAddress
    guard let object = json_tokener_parse_ex(tokener, text, count) else {
      let status = json_tokener_get_error(tokener)
      let reason =
        status == json_tokener_continue
        ? "the object does not end" : String(cString: json_tokener_error_desc(status))
      throw .malformedJSON(path: path, line: line, reason: reason)
    }
    let owner = JSONObject(object)
    guard json_object_get_type(object) == json_type_object else {
      throw .malformedJSON(path: path, line: line, reason: "the value is not an object")
    }
    let parsed = Int(json_tokener_get_parse_end(tokener))
    guard bytes[min(parsed, bytes.count)...].allSatisfy({ ASCII.isSpace($0) }) else {
      throw .malformedJSON(path: path, line: line, reason: "text follows the object")
    }
    return owner
  }
}
