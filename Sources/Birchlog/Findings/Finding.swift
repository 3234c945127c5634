import LogText

/// An input that findings come from.
struct Source: Sendable {
  /// What messages and findings call it; nil for lines that were pushed without a name.
  var path: String?
  /// Finds its lines again.
  var archive: LineArchive?
  /// Its lines are JSON objects.
  var isJSON = false
}

/// The verdict on one unit, and where the unit came from.
public struct Finding: Sendable {
  public let unit: LocatedUnit
  public let verdict: Verdict
  public let model: Model
  /// The input; nil when it came through memory.
  let input: Source?
  /// What its new events say.
  var newTemplates = NewTemplates()

  /// Path of the input; nil when it came through memory.
  public var source: String? { input?.path }

  public var threshold: Double { model.scoreLimit }

  /// The session's id; bytes that are not UTF-8 become U+FFFD.
  public var sessionText: String { String(decoding: unit.session, as: UTF8.self) }

  /// The kind's id, or `unknown`.
  public var kindID: String { verdict.kind.map { model.kinds[$0].id } ?? "unknown" }

  /// What the operator calls the kind.
  public var kindName: String? { verdict.kind.flatMap { model.kinds[$0].name } }
}
