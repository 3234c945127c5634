/// Takes text, key and time out of JSON objects, one a line, whether from a file or from a live stream.
public final class JSONLineParser {
  /// What one line holds.
  public struct Fields: Sendable, Equatable {
    public var text: [UInt8]
    public var key: [UInt8]?
    public var time: Int64?
  }

  /// Keeps ``fields`` of every line.
  var keepsFields = false
  /// The named values of the last line.
  private(set) var fields: [RecordField] = []

  private let names: FieldNames
  private let parser: JSONObjectParser
  private var textName: String?
  private var timeName: String?

  /// Prepares to read objects with the given fields.
  ///
  /// - Throws: `outOfMemory`.
  public init(_ names: FieldNames) throws(LogTextError) {
    self.names = names
    textName = names.text
    timeName = names.time
    parser = try JSONObjectParser()
  }

  /// The fields of one line; a record without the key's field has a nil key.
  ///
  /// - Parameter path: names the source in errors.
  /// - Throws: `malformedJSON`, or `missingField` when there is no text.
  public func parse(_ line: UnsafeRawBufferPointer, number: UInt64, path: String)
    throws(LogTextError) -> Fields
  {
    let object = try parser.parse(line, line: number, path: path)
    if keepsFields { fields = object.fields }
    let text = find(
      in: object, known: &textName, guesses: FieldNames.textGuesses, fixed: names.text)
    guard let text else {
      throw .missingField(
        path: path, line: number, field: names.text ?? "message",
        found: object.fields.map(\.name))
    }
    let time = find(
      in: object, known: &timeName, guesses: FieldNames.timeGuesses, fixed: names.time)
    return Fields(
      text: text, key: names.key.flatMap { object.field($0) },
      time: time.flatMap { TimestampPattern.milliseconds(of: $0) })
  }

  /// Looks where the last object had the value first, then through the guesses.
  private func find(
    in object: JSONObject, known: inout String?, guesses: [String], fixed: String?
  ) -> [UInt8]? {
    if let name = known, let value = object.field(name) { return value }
    if fixed != nil { return nil }
    for name in guesses {
      if let value = object.field(name) {
        known = name
        return value
      }
    }
    return nil
  }
}
