import Birch

/// Options of the clustering engine: how each key is read from JSON and checked.
///
/// A key whose value is `null` lifts a limit where there is one to lift.
struct ClustererOptionTable<Target: Sendable>: Sendable {
  struct Field: Sendable {
    let key: String
    let expected: String
    /// Takes a value; false when it is not what was expected.
    let read: @Sendable (JSONValue, inout Target) -> Bool
  }

  let fields: [Field]

  /// Reads JSON text; nil gives `defaults`.
  func read(_ text: String?, into defaults: Target) throws(BirchlogError) -> Target {
    guard let text else { return defaults }
    let value: JSONValue
    do {
      value = try JSONValue(parsing: text)
    } catch {
      throw .option("The options are not valid JSON: \(error.message)")
    }
    guard let object = value.object else {
      throw .option("The options must be one JSON object, such as {\"threshold\": 0.5}.")
    }
    var target = defaults
    for (key, value) in object.pairs {
      guard let field = fields.first(where: { $0.key == key }) else {
        let known = fields.map { "\"\($0.key)\"" }.joined(separator: ", ")
        throw .option("There is no option \"\(key)\" here; there are \(known).")
      }
      guard field.read(value, &target) else {
        throw .option("Option \"\(key)\" must be \(field.expected).")
      }
    }
    return target
  }
}

extension ClustererOptionTable.Field {
  static func integer(
    _ key: String, _ range: ClosedRange<Int>, _ path: WritableKeyPath<Target, Int> & Sendable
  ) -> Self {
    Self(
      key: key, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      read: { value, target in
        guard let number = value.int, range.contains(number) else { return false }
        target[keyPath: path] = number
        return true
      })
  }

  static func number(
    _ key: String, _ range: ClosedRange<Double>,
    _ path: WritableKeyPath<Target, Double> & Sendable
  ) -> Self {
    Self(
      key: key, expected: "a number from \(range.lowerBound) to \(range.upperBound)",
      read: { value, target in
        guard let number = value.double, range.contains(number) else { return false }
        target[keyPath: path] = number
        return true
      })
  }

  /// A number, or `null` for none.
  static func optionalNumber(
    _ key: String, _ range: ClosedRange<Double>,
    _ path: WritableKeyPath<Target, Double?> & Sendable
  ) -> Self {
    Self(
      key: key, expected: "null or a number from \(range.lowerBound) to \(range.upperBound)",
      read: { value, target in
        if value == .null {
          target[keyPath: path] = nil
          return true
        }
        guard let number = value.double, range.contains(number) else { return false }
        target[keyPath: path] = number
        return true
      })
  }

  static func flag(_ key: String, _ path: WritableKeyPath<Target, Bool> & Sendable) -> Self {
    Self(
      key: key, expected: "true or false",
      read: { value, target in
        guard let flag = value.bool else { return false }
        target[keyPath: path] = flag
        return true
      })
  }

  static func choice<Choice: RawRepresentable & CaseIterable & SendableMetatype>(
    _ key: String, _ path: WritableKeyPath<Target, Choice> & Sendable
  ) -> Self where Choice.RawValue == String {
    let names = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    return Self(
      key: key, expected: "one of \(names)",
      read: { value, target in
        guard let choice = value.string.flatMap(Choice.init(rawValue:)) else { return false }
        target[keyPath: path] = choice
        return true
      })
  }
}
