/// Why a call failed. Each case carries one sentence for the user: what was wrong, where, and how to mend it.
public enum BirchlogError: Error, Sendable, Equatable {
  case argument(String)
  case limit(String)
  case option(String)
  case io(String)
  case input(String)
  case model(String)
  case modelVersion(String)
  case notFound(String)
  case cancelled
  case numeric(String)
  /// A defect of the library itself.
  case internalDefect(String)

  /// The sentence.
  public var message: String {
    switch self {
    case .argument(let text), .limit(let text), .option(let text), .io(let text), .input(let text),
      .model(let text), .modelVersion(let text), .notFound(let text), .numeric(let text):
      text
    case .cancelled: "Cancelled."
    case .internalDefect(let text): "A defect of Birchlog, please report it: \(text)"
    }
  }
}
