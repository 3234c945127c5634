/// An object whose keys keep the order in which they were first set.
public struct JSONObject: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  /// The keys in order, each once.
  public private(set) var keys: [String] = []
  private var values: [String: JSONValue] = [:]

  /// An object without members.
  public init() {}

  /// An object of the members given, in their order; of equal keys the last counts.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    for (key, value) in elements { self[key] = value }
  }

  /// The members in order.
  public var pairs: [(key: String, value: JSONValue)] {
    keys.compactMap { key in values[key].map { (key: key, value: $0) } }
  }

  /// The value of a key; nil where there is none, and setting nil removes the key.
  ///
  /// Constant time but for removal, which is linear.
  public subscript(key: String) -> JSONValue? {
    get { values[key] }
    set {
      guard let newValue else {
        if values.removeValue(forKey: key) != nil { keys.removeAll { $0 == key } }
        return
      }
      if values.updateValue(newValue, forKey: key) == nil { keys.append(key) }
    }
  }
}
