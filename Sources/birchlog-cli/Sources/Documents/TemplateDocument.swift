/// A template as the library describes it.
struct TemplateDocument: Decodable {
  let event: Int
  let template: String
  let count: Int
  /// A line of the template; nil where none was kept.
  let example: String?
  /// The type of each value, in the order of the wildcards.
  let parameters: [String]
}

/// What a miner has learned, in numbers.
struct MinerStatistics: Decodable {
  let lines: Int
  let blank: Int
  let templates: Int
  let forgottenTemplates: Int
}
