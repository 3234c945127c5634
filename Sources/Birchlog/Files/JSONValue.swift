/// A JSON document.
public enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  public var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// A whole number that fits `Int`; a fraction is none.
  public var int: Int? {
    switch self {
    case .integer(let value): Int(exactly: value)
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  public var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  public var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  public var array: [JSONValue]? {
    if case .array(let values) = self { values } else { nil }
  }

  public var object: JSONObject? {
    if case .object(let value) = self { value } else { nil }
  }

  /// The value of an object's key; nil where there is none.
  public subscript(key: String) -> JSONValue? { object?[key] }
}

/// An object whose keys keep their order.
public struct JSONObject: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  public private(set) var keys: [String] = []
  private var values: [String: JSONValue] = [:]

  public init() {}

  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    for (key, value) in elements { self[key] = value }
  }

  public var pairs: [(key: String, value: JSONValue)] {
    keys.compactMap { key in values[key].map { (key: key, value: $0) } }
  }

  public subscript(key: String) -> JSONValue? {
    get { values[key] }
    set {
      if values[key] == nil, newValue != nil { keys.append(key) }
      if newValue == nil { keys.removeAll { $0 == key } }
      values[key] = newValue
    }
  }

  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.keys == right.keys && left.values == right.values
  }
}
