/// The one table of option keys: how each is read from JSON, checked, and written back.
public enum OptionTable {
  /// One key.
  struct Field: Sendable {
    let key: String
    let expected: String
    /// Takes a value; false when it is not what was expected.
    let read: @Sendable (JSONValue, inout Options) -> Bool
    /// The value as JSON; nil when the option is not set.
    let write: @Sendable (Options) -> JSONValue?
  }

  /// Every key of a training, in the order in which they are written.
  static let fields: [Field] =
    reading + unit + network + detection + kinds + update + stream + run

  private static let update: [Field] = [number("half_life", 0...1e15, \.halfLife)]

  private static let reading: [Field] = [
    choice("format", ["auto", "text", "sequences", "jsonl", "csv", "journal"], \.format),
    text("session", \.session),
    text("text_field", \.textField),
    text("key_field", \.keyField),
    alias("session_field", \.keyField),
    number("gap_seconds", 0...1e9, \.gapSeconds),
    Field(
      key: "masks", expected: "a list of at most 64 regular expressions",
      read: { value, options in
        guard let list = value.array, list.count <= 64 else { return false }
        let patterns = list.compactMap(\.string).filter { !$0.isEmpty }
        options.masks = patterns
        return patterns.count == list.count
      }, write: { $0.masks.isEmpty ? nil : .array($0.masks.map { .string($0) }) }),
    Field(
      key: "header", expected: "\"auto\", \"none\" or a regular expression",
      read: { value, options in
        guard let string = value.string, !string.isEmpty else { return false }
        options.header = string
        return true
      }, write: { .string($0.header) }),
    flag("multiline", \.multiline),
    text("templates", \.templates),
  ]

  /// The unit whose session is a file.
  private static let sessionFile = "file"

  private static let unit: [Field] = [
    Field(
      key: "unit", expected: "\"session\", \"window\" or \"file\"",
      read: { value, options in
        options.isSessionFile = value.string == sessionFile
        let kind =
          options.isSessionFile
          ? .session : value.string.flatMap(Options.UnitKind.init(rawValue:))
        options.unit = kind
        return kind != nil
      },
      write: { options in
        options.unit.map { .string(options.isSessionFile ? sessionFile : $0.rawValue) }
      }),
    integer("window", 1...256, \.window),
    integer("stride", 1...256, \.stride),
  ]

  private static let network: [Field] = [
    choice("input", \.input),
    integer("embedding_size", 1...1024, \.embeddingSize),
    integer("hidden_size", 4...1024, \.hiddenSize),
    integer("layers", 1...4, \.layers),
    number("dropout", 0...0.9, \.dropout),
    choice("encoder", \.encoder),
    integer("attention_heads", 0...64, \.attentionHeads),
    Field(
      key: "loss_weights", expected: "three numbers of 0 or more that sum to 1",
      read: { value, options in
        guard let values = value.array?.compactMap(\.double), values.count == 3,
          values.allSatisfy({ $0 >= 0 }), abs(values.reduce(0, +) - 1) < 1e-6
        else { return false }
        options.lossWeights = values
        return true
      }, write: { .array($0.lossWeights.map { .number($0) }) }),
    integer("epochs", 1...100_000, \.epochs),
    integer("training_windows", 1_000...1_000_000_000, \.trainingWindows),
    integer("batch_size", 1...65_536, \.batchSize),
    number("learning_rate", 1e-7...1, \.learningRate),
    integer("patience", 1...10_000, \.patience),
  ]

  private static let detection: [Field] = [
    choice("detector", \.detector),
    number("false_positive_rate", 1e-6...0.5, \.falsePositiveRate),
    integer("top_g", 1...1_000_000, \.topG),
  ]

  private static let kinds: [Field] = [
    flag("contrast", \.contrast),
    choice("signature", \.signature),
    Field(
      key: "signature_weights", expected: "three numbers from 0 to 100, not all 0",
      read: { value, options in
        guard let values = value.array?.compactMap(\.double), values.count == 3,
          values.allSatisfy({ (0...100).contains($0) }), values.contains(where: { $0 > 0 })
        else { return false }
        options.signatureWeights = values
        return true
      }, write: { .array($0.signatureWeights.map { .number($0) }) }),
    Field(
      key: "kinds", expected: "\"auto\" or a whole number from 1 to 4096",
      read: { value, options in
        if value.string == "auto" {
          options.kinds = .automatic
        } else if let count = value.int, (1...4096).contains(count) {
          options.kinds = .exactly(count)
        } else {
          return false
        }
        return true
      },
      write: {
        switch $0.kinds {
        case .automatic: .string("auto")
        case .exactly(let count): .integer(Int64(count))
        }
      }),
    Field(
      key: "cluster_threshold", expected: "a number from 0 to 1000",
      read: { value, options in
        guard let number = value.double, (0...1000).contains(number) else { return false }
        options.clusterThreshold = number
        return true
      }, write: { $0.clusterThreshold.map { .number($0) } }),
    integer("branching", 2...1000, \.branching),
    choice("distance", ["d0", "d1", "d2", "d3", "d4", "pooled"], \.distance),
    flag("largest_kind_is_normal", \.largestKindIsNormal),
  ]

  /// Keys that a classification may set too.
  static let classificationKeys: Set<String> = [
    "session", "format", "text_field", "key_field", "session_field",
    "gap_seconds", "multiline", "idle_seconds", "max_sessions",
    "max_bytes", "threads", "source", "line_memory",
  ]

  private static let stream: [Field] = [
    number("idle_seconds", 0...1e9, \.idleSeconds),
    integer("max_sessions", 1...16_777_216, \.maxSessions),
    integer("max_bytes", 65_536...(1 << 40), \.maxBytes),
    Field(
      key: "source", expected: "a text that is not empty",
      read: { value, options in
        guard let string = value.string, !string.isEmpty else { return false }
        options.source = string
        return true
      }, write: { _ in nil }),
    Field(
      key: "line_memory", expected: "a whole number from 0 to 1073741824",
      read: { value, options in
        guard let bytes = value.int, (0...(1 << 30)).contains(bytes) else { return false }
        options.lineMemory = bytes
        return true
      }, write: { _ in nil }),
  ]

  private static let run: [Field] = [
    choice("preset", \.preset),
    Field(
      key: "seed", expected: "a whole number of 0 or more",
      read: { value, options in
        guard let seed = value.int, seed >= 0 else { return false }
        options.seed = UInt64(seed)
        return true
      }, write: { .integer(Int64(truncatingIfNeeded: $0.seed)) }),
    integer("threads", 0...256, \.threads),
    Field(
      key: "checkpoint", expected: "a text that is not empty",
      read: { value, options in
        guard let string = value.string, !string.isEmpty else { return false }
        options.checkpoint = string
        return true
      }, write: { _ in nil }),
  ]

  private static func text(
    _ key: String, _ path: WritableKeyPath<Options, String?> & Sendable
  ) -> Field {
    Field(
      key: key, expected: "a text that is not empty",
      read: { value, options in
        guard let string = value.string, !string.isEmpty else { return false }
        options[keyPath: path] = string
        return true
      }, write: { $0[keyPath: path].map { .string($0) } })
  }

  /// A second name of a text.
  private static func alias(
    _ key: String, _ path: WritableKeyPath<Options, String?> & Sendable
  ) -> Field {
    let field = text(key, path)
    return Field(key: key, expected: field.expected, read: field.read, write: { _ in nil })
  }

  private static func flag(
    _ key: String, _ path: WritableKeyPath<Options, Bool> & Sendable
  ) -> Field {
    Field(
      key: key, expected: "true or false",
      read: { value, options in
        guard let flag = value.bool else { return false }
        options[keyPath: path] = flag
        return true
      }, write: { .bool($0[keyPath: path]) })
  }

  private static func choice(
    _ key: String, _ values: [String], _ path: WritableKeyPath<Options, String> & Sendable
  ) -> Field {
    Field(
      key: key, expected: list(values),
      read: { value, options in
        guard let string = value.string, values.contains(string) else { return false }
        options[keyPath: path] = string
        return true
      }, write: { .string($0[keyPath: path]) })
  }

  private static func choice<Choice>(
    _ key: String, _ path: WritableKeyPath<Options, Choice> & Sendable
  ) -> Field where Choice: CaseIterable & RawRepresentable<String> & Sendable {
    Field(
      key: key, expected: list(Choice.allCases.map(\.rawValue)),
      read: { value, options in
        guard let chosen = value.string.flatMap(Choice.init(rawValue:)) else { return false }
        options[keyPath: path] = chosen
        return true
      }, write: { .string($0[keyPath: path].rawValue) })
  }

  private static func integer(
    _ key: String, _ range: ClosedRange<Int>, _ path: WritableKeyPath<Options, Int> & Sendable
  ) -> Field {
    Field(
      key: key, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      read: { value, options in
        guard let number = value.int, range.contains(number) else { return false }
        options[keyPath: path] = number
        return true
      }, write: { .integer(Int64($0[keyPath: path])) })
  }

  private static func number(
    _ key: String, _ range: ClosedRange<Double>, _ path: WritableKeyPath<Options, Double> & Sendable
  ) -> Field {
    Field(
      key: key, expected: "a number from \(range.lowerBound) to \(range.upperBound)",
      read: { value, options in
        guard let number = value.double, range.contains(number) else { return false }
        options[keyPath: path] = number
        return true
      }, write: { .number($0[keyPath: path]) })
  }

  private static func list(_ values: [String]) -> String {
    let quoted = values.map { "\"\($0)\"" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
    return quoted.dropLast().joined(separator: ", ") + " or " + last
  }
}
