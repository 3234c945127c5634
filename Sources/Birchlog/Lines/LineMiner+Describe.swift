import LogText

extension LineMiner {
  /// The templates that lines can be given as JSON Lines, the most frequent first: event, template, count, an example and the types of
  /// its parameters.
  public var templates: String {
    var text = ""
    for template in miner.templates.sorted(by: { ($1.count, $0.id) < ($0.count, $1.id) }) {
      var types: [JSONValue] = []
      let example = examples[template.id]
      example?.withUnsafeBytes { line in
        let parameters = miner.parameters(of: line, template: template.id) ?? []
        types = parameters.map { .string($0.type.rawValue) }
      }
      let object: JSONValue = .object([
        "event": .integer(Int64(template.id)),
        "template": .string(template.text),
        "count": .integer(Int64(template.count)),
        "example": example.map { .string(ByteText.string($0)) } ?? .null,
        "parameters": .array(types),
      ])
      text += object.text + "\n"
    }
    return text
  }

  /// What was learned, in numbers, and which events became which.
  public var statistics: JSONValue {
    .object([
      "lines": .integer(Int64(clamping: lineCount)),
      "blank": .integer(Int64(clamping: blankLines)),
      "templates": .integer(Int64(miner.templateCount)),
      "forgotten_templates": .integer(Int64(miner.evictedTemplates)),
      "merged": .array(
        miner.mergedEvents.keys.sorted().map {
          .array([.integer(Int64($0)), .integer(Int64(miner.finalID(of: $0)))])
        }),
    ])
  }
}
