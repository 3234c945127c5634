extension OptionTable {
  /// Every key with what it may be and its default, for programs that offer them.
  public static var description: JSONValue {
    let defaults = Options()
    return .array(
      fields.map { field in
        .object([
          "key": .string(field.key), "expected": .string(field.expected),
          "default": field.write(defaults) ?? .null,
          "classification": .bool(classificationKeys.contains(field.key)),
        ])
      })
  }
}
