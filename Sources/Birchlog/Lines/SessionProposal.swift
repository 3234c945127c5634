import LogText

/// What training found for a session key where none was given, and why.
public struct SessionProposal: Sendable, Equatable {
  /// The expression of the key; nil where the log is read in windows.
  public var pattern: String?
  /// The reason in words.
  public var reason: String

  /// Bytes of the first input that are looked at.
  static let sampleBytes = 1 << 20
  private static let sampleLines = 20_000

  init(pattern: String?, reason: String) {
    self.pattern = pattern
    self.reason = reason
  }

  /// A key that stretches of the inputs agree on: half of them have it, and it is the most frequent.
  /// Nil when there is none.
  init?(agreedBy stretches: InputStretches, reader: InputReader) {
    let found = stretches.stretches.map { stretch in
      stretch.bytes.withUnsafeBytes { Self($0, format: stretch.format, reader: reader) }
    }
    let counts = Dictionary(grouping: found.filter { $0.pattern != nil }) { $0.pattern }
    let best = found.max {
      (counts[$0.pattern]?.count ?? 0) < (counts[$1.pattern]?.count ?? 0)
    }
    guard let best, best.pattern != nil, 2 * (counts[best.pattern]?.count ?? 0) >= found.count
    else { return nil }
    self = best
    reason = "further on, " + reason
  }

  /// Looks at the first bytes of an input.
  init(_ head: UnsafeRawBufferPointer, format: InputFormat, reader: InputReader) {
    let outcome: SessionKeyProposal.Outcome
    do {
      let records = try TextReader(
        LineSource(bytes: head, name: "the input"), format: format, names: reader.fieldNames,
        header: try reader.header(format: format) { head }, joins: reader.options.multiline)
      outcome = try SessionKeyProposal.search(records, limit: Self.sampleLines)
    } catch {
      outcome = .none(likeliest: nil, lack: nil)
    }
    switch outcome {
    case .found(let found):
      self.init(
        pattern: found.pattern,
        reason:
          "\(Self.percent(found.coverage)) of \(found.sample) lines have it; its \(found.values) values have \(rounded((found.linesPerValue * 10).rounded() / 10)) lines each on average, and \(Self.percent(found.repeating)) of them behave as others do"
      )
    case .none(let likeliest?, let lack?):
      self.init(
        pattern: nil,
        reason: "no identifier makes sessions; the likeliest was \(likeliest.pattern), but \(lack)")
    default:
      self.init(pattern: nil, reason: "no identifier that many lines share was found")
    }
  }

  private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

  /// The proposal as ``Model/describe()`` shows it and the model file stores it.
  var json: JSONValue {
    .object([
      "session": pattern.map { .string($0) } ?? .null, "reason": .string(reason),
    ])
  }

  init?(json: JSONValue) {
    guard let reason = json["reason"]?.string else { return nil }
    self.init(pattern: json["session"]?.string, reason: reason)
  }
}
