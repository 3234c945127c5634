/// An object whose keys keep the order in which they were first set.
public struct JSONObject: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  /// The keys in order, each once.
  public private(set) var keys: [String] = []
  private var values: [JSONValue] = []
  /// The place of each key in an object of many.
  private var places: [String: Int] = [:]

  /// Members among which a key is looked for one by one.
  private static let few = 16

  /// An object without members.
  public init() {}

  /// An object of the members given, in their order; of equal keys the last counts.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    keys.reserveCapacity(elements.count)
    values.reserveCapacity(elements.count)
    for (key, value) in elements { self[key] = value }
  }

  /// The members in order.
  public var pairs: some Sequence<(key: String, value: JSONValue)> {
    zip(keys, values).lazy.map { (key: $0, value: $1) }
  }

  /// The value of a key; nil where there is none, and setting nil removes the key.
  ///
  /// Constant time but for removal, which is linear.
  public subscript(key: String) -> JSONValue? {
    get { place(of: key).map { values[$0] } }
    set {
      let known = place(of: key)
      guard let newValue else {
        if let known { remove(at: known) }
        return
      }
      if let known {
        values[known] = newValue
        return
      }
      keys.append(key)
      values.append(newValue)
      if keys.count == Self.few + 1 {
        index()
      } else if keys.count > Self.few {
        places[key] = keys.count - 1
      }
    }
  }

  private func place(of key: String) -> Int? {
    keys.count > Self.few ? places[key] : keys.firstIndex(of: key)
  }

  private mutating func remove(at place: Int) {
    keys.remove(at: place)
    values.remove(at: place)
    places = [:]
    if keys.count > Self.few { index() }
  }

  private mutating func index() {
    for (place, key) in keys.enumerated() { places[key] = place }
  }
}
