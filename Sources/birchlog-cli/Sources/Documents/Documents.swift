import FoundationEssentials

/// Reads the JSON documents that the library gives.
enum Documents {
  /// `text` as a document, whose fields are written `in_this_way`; the field that does not fit is named in the failure.
  static func decode<Document: Decodable>(_ type: Document.Type, from text: String) throws
    -> Document
  {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      return try decoder.decode(type, from: Data(text.utf8))
    } catch let error as DecodingError {
      throw CommandFailure(
        .input,
        "The library's answer could not be read (\(place(of: error))); do the command and the library belong together?"
      )
    }
  }

  private static func place(of error: DecodingError) -> String {
    let context: DecodingError.Context
    switch error {
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .keyNotFound(_, let found),
      .dataCorrupted(let found):
      context = found
    @unknown default:
      return "unknown field"
    }
    let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
    return path.joined(separator: ".") + ": " + context.debugDescription
  }
}
