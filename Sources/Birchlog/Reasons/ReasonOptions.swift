/// What an explanation is to hold.
struct ReasonOptions: Sendable {
  /// A part of an explanation, by its key in the JSON.
  enum Part: String, CaseIterable, Sendable {
    case summary, neighbours, attended, exemplar, repair, raw, signature
  }

  /// Without being asked for, an explanation holds no signature: it is long, and for programs.
  var parts = Set(Part.allCases).subtracting([.signature])
  /// Raw lines at most.
  var lines = 64
  /// Expected alternatives of each surprising event.
  var alternatives = 5

  static let standard = ReasonOptions()

  /// - Throws: `option`.
  init(json text: String?) throws(BirchlogError) {
    for (key, value) in try Options.pairs(text) {
      switch key {
      case "parts":
        let parts = value.array?.map { $0.string.flatMap(Part.init(rawValue:)) } ?? [nil]
        guard !parts.contains(nil) else {
          let known = Part.allCases.map(\.rawValue).joined(separator: ", ")
          throw .option("Option \"parts\" must be a list of some of \(known).")
        }
        self.parts = Set(parts.compactMap { $0 })
      case "lines": lines = try Self.count(key, value, 0...4096)
      case "alternatives": alternatives = try Self.count(key, value, 1...64)
      default:
        throw .option(
          "There is no option \"\(key)\" of an explanation; there are parts, lines, alternatives.")
      }
    }
  }

  private init() {}

  private static func count(
    _ key: String, _ value: JSONValue, _ range: ClosedRange<Int>
  ) throws(BirchlogError) -> Int {
    guard let number = value.int, range.contains(number) else {
      throw .option(
        "Option \"\(key)\" must be a whole number from \(range.lowerBound) to \(range.upperBound).")
    }
    return number
  }
}
