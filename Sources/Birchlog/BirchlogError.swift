/// Why a call failed. Each case carries one sentence for the user: what was wrong, where, and how
/// to mend it.
public enum BirchlogError: Error, Sendable, Equatable {
  /// The caller passed something that no call accepts.
  case argument(String)
  /// A length above a documented maximum.
  case limit(String)
  /// An unknown option, a bad value, or options that contradict each other.
  case option(String)
  /// A file is missing, is a folder, may not be read, or could not be written.
  case io(String)
  /// Input is malformed, or too little to learn from.
  case input(String)
  /// Not a model file, or one that is damaged.
  case model(String)
  /// A model file of a later format.
  case modelVersion(String)
  /// No kind of this id, no finding of this index.
  case notFound(String)
  /// The caller cancelled.
  case cancelled
  /// Training met a value that is not finite.
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
