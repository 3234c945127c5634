import LogText

/// What training found for a session key where none was given, and why.
public struct SessionProposal: Sendable, Equatable {
  /// The expression of the key; nil where a field has it, or the log is read in windows.
  public var pattern: String?
  /// The field that has the key; nil where an expression finds it, or the log is read in windows.
  public var field: String?
  /// The reason in words.
  public var reason: String

  /// Bytes of the first input that are looked at.
  static let sampleBytes = 1 << 20
  private static let sampleLines = 20_000

  init(pattern: String?, field: String? = nil, reason: String) {
    self.pattern = pattern
    self.field = field
    self.reason = reason
  }

  /// Whether there is a key.
  var isFound: Bool { key != nil }
  private var key: String? { field ?? pattern }

  /// A key that stretches of the inputs agree on: half of them have it, and it is the most frequent.
  /// Nil when there is none.
  init?(agreedBy stretches: InputStretches, reader: InputReader) {
    let found = stretches.stretches.map { stretch in
      stretch.bytes.withUnsafeBytes {
        Self($0, of: stretch.name, format: stretch.format, isFirst: false, reader: reader)
      }
    }
    let counts = Dictionary(grouping: found.filter(\.isFound), by: \.key)
    let best = found.max { (counts[$0.key]?.count ?? 0) < (counts[$1.key]?.count ?? 0) }
    guard let best, best.isFound, 2 * (counts[best.key]?.count ?? 0) >= found.count
    else { return nil }
    self = best
    reason = "further on, " + reason
  }

  /// Looks at bytes of an input.
  ///
  /// - Parameters:
  ///   - name: what the input is called; nil where it has no name.
  ///   - isFirst: the bytes are the first ones.
  init(
    _ head: UnsafeRawBufferPointer, of name: String?, format: InputFormat, isFirst: Bool = true,
    reader: InputReader
  ) {
    let outcome: SessionKeyProposal.Outcome
    do {
      let records = try TextReader(
        LineSource(bytes: head, name: "the input"), format: format, names: reader.fieldNames,
        header: try reader.header(format: format) { head }, joins: reader.options.multiline)
      outcome = try SessionKeyProposal.search(
        records, names: reader.fieldNames, limit: Self.sampleLines)
    } catch {
      outcome = .none(likeliest: nil, lack: nil)
    }
    switch outcome {
    case .found(let found):
      self.init(
        pattern: found.field == nil ? found.pattern : nil, field: found.field,
        reason:
          "\(Self.percent(found.coverage)) of \(isFirst ? "the first " : "")\(found.sample) lines\(name.map { " of \($0)" } ?? "") have it; its \(found.values) values have \(rounded((found.linesPerValue * 10).rounded() / 10)) lines each on average, and \(Self.likeness(found))"
      )
    case .none(let likeliest?, let lack?):
      self.init(
        pattern: nil,
        reason:
          "no identifier makes sessions; the likeliest was \(likeliest.field.map { "the field \($0)" } ?? likeliest.pattern), but \(lack)\(Self.advice(format))"
      )
    default:
      self.init(
        pattern: nil,
        reason: "no identifier that many lines share was found\(Self.advice(format))")
    }
  }

  /// What values of the key have in common.
  private static func likeness(_ found: SessionKeyProposal) -> String {
    found.repeating >= 0.5
      ? "\(percent(found.repeating)) of them behave as others do"
      : "the order of these says \(rounded((found.orderGain * 10).rounded() / 10)) bits a line"
  }

  /// What helps where records have fields.
  private static func advice(_ format: InputFormat) -> String {
    format == .text ? "" : "; \"session_field\" names a field that is one"
  }

  private static func percent(_ share: Double) -> String {
    let percent = Int((share * 100).rounded())
    return percent == 100 && share < 1 ? "over 99 %" : "\(percent) %"
  }

  /// The proposal as ``Model/describe()`` shows it and the model file stores it.
  var json: JSONValue {
    .object([
      "session": pattern.map { .string($0) } ?? .null,
      "session_field": field.map { .string($0) } ?? .null, "reason": .string(reason),
    ])
  }

  init?(json: JSONValue) {
    guard let reason = json["reason"]?.string else { return nil }
    self.init(
      pattern: json["session"]?.string, field: json["session_field"]?.string, reason: reason)
  }
}
