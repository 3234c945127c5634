/// What an evaluation may be told beside how to read: keys of the same JSON text.
struct EvaluationOptions {
  /// True kinds that are read as one, each group by the names of its kinds.
  var join: [[String]] = []
  /// Share of anomalous sessions for which precision and F1 are projected.
  var prevalence: Double?
  /// Random resamples behind the 95 % intervals; 0 for none.
  var resamples = 200
  /// Whether simple detectors are scored beside the model.
  var baselines = false
  /// Whether beginnings of sessions are classified beside the wholes.
  var prefixes = false
  /// The rest of the text, which says how to read.
  private(set) var reading: String?

  private static let largestResamples = 100_000

  /// - Throws: `option` for a value that is none of what a key expects.
  init(json: String?) throws(BirchlogError) {
    reading = json
    guard let json, let value = try? JSONValue(parsing: json), let object = value.object else {
      return
    }
    var rest = JSONObject()
    for (key, value) in object.pairs {
      switch key {
      case "join": join = try Self.groups(value)
      case "prevalence":
        guard let share = value.double, share > 0, share < 1 else {
          throw .option("Option \"prevalence\" must be a number between 0 and 1.")
        }
        prevalence = share
      case "resamples":
        guard let count = value.int, (0...Self.largestResamples).contains(count) else {
          throw .option(
            "Option \"resamples\" must be a whole number from 0 to \(Self.largestResamples).")
        }
        resamples = count
      case "baselines":
        guard let flag = value.bool else {
          throw .option("Option \"baselines\" must be true or false.")
        }
        baselines = flag
      case "prefixes":
        guard let flag = value.bool else {
          throw .option("Option \"prefixes\" must be true or false.")
        }
        prefixes = flag
      default: rest[key] = value
      }
    }
    reading = rest.keys.isEmpty ? nil : JSONValue.object(rest).text
  }

  private static func groups(_ value: JSONValue) throws(BirchlogError) -> [[String]] {
    let groups = value.array?.map { $0.array?.compactMap(\.string) ?? [] } ?? []
    guard !groups.isEmpty, groups.allSatisfy({ $0.count > 1 }),
      Set(groups.joined()).count == groups.reduce(0, { $0 + $1.count })
    else {
      throw .option(
        "Option \"join\" must be a list of lists of two or more kinds, such as [[\"a\", \"b\"]], each kind once."
      )
    }
    return groups
  }
}
