/// Reads the records of raw text, JSON Lines and structured CSV alike.
public final class TextReader {
  /// What the source holds.
  public let format: InputFormat
  /// The source's path, for messages.
  public var path: String { lines.path }
  private let lines: LineSource
  private let names: FieldNames
  private let json: JSONLineParser?
  private var csv = CSVRecordParser()
  private var textColumn = 0
  private var keyColumn: Int?
  private var timeColumn: Int?
  private var columnCount = 0
  /// Owns the text of a record that is not a slice of its line.
  private var text = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)

  /// Reads what the source has not given out yet.
  ///
  /// - Parameters:
  ///   - format: `text`, `jsonLines` or `structuredCSV`; sequences are read as text, since ``SequenceReader`` is theirs.
  ///   - names: which fields hold text, key and time, where the format has fields.
  /// - Throws: `missingField` when a CSV header lacks a column, `malformedCSV`, or what reading throws.
  public init(_ lines: LineSource, format: InputFormat, names: FieldNames = FieldNames())
    throws(LogTextError)
  {
    self.lines = lines
    self.format = format
    self.names = names
    json = format == .jsonLines ? try JSONLineParser(names) : nil
    if format == .structuredCSV { try readColumns() }
  }

  deinit { text.deallocate() }

  /// The next record, or nil at the end. Blank lines are records of raw text and passed over elsewhere.
  ///
  /// - Throws: `malformedJSON`, `missingField`, `malformedCSV`, or what reading throws. After a bad record the next call goes on
  ///   behind it.
  public func next() throws(LogTextError) -> TextRecord? {
    switch format {
    case .text, .sequences:
      guard let line = try lines.next() else { return nil }
      return record(line.bytes, nil, nil, line.number, line.offset)
    case .jsonLines: return try nextObject()
    case .structuredCSV: return try nextRow()
    }
  }

  private func nextObject() throws(LogTextError) -> TextRecord? {
    while let line = try lines.next(), let json {
      if line.bytes.allSatisfy({ ASCII.isSpace($0) }) { continue }
      let fields = try json.parse(line.bytes, number: line.number, path: path)
      return record(hold(fields.text), fields.key, fields.time, line.number, line.offset)
    }
    return nil
  }

  private func nextRow() throws(LogTextError) -> TextRecord? {
    while let (line, offset) = try readRow() {
      if csv.fields.count == 1, csv.fields[0].isEmpty { continue }
      guard csv.fields.count == columnCount else {
        throw .malformedCSV(
          path: path, line: line,
          reason: "expected \(columnCount) fields but found \(csv.fields.count)")
      }
      let key = keyColumn.map { csv.fields[$0] }
      let time = timeColumn.flatMap { TimestampPattern.milliseconds(of: csv.fields[$0]) }
      return record(hold(csv.fields[textColumn]), key, time, line, offset)
    }
    return nil
  }

  /// Reads one record into `csv`; nil at the end.
  private func readRow() throws(LogTextError) -> (line: UInt64, offset: UInt64)? {
    guard var line = try lines.next() else { return nil }
    let first = (line.number, line.offset)
    var size = 0
    while true {
      size += line.bytes.count
      switch csv.append(line.bytes) {
      case .complete: return first
      case .malformed:
        csv = CSVRecordParser()
        throw .malformedCSV(path: path, line: first.0, reason: "text follows a closing quote")
      case .unfinished:
        guard size <= LineSource.defaultLineLimit, let more = try lines.next() else {
          csv = CSVRecordParser()
          throw .malformedCSV(path: path, line: first.0, reason: "a quoted field does not end")
        }
        line = more
      }
    }
  }

  private func readColumns() throws(LogTextError) {
    guard let (line, _) = try readRow() else { return }
    let columns = csv.fields.map { ByteText.string($0) }
    columnCount = columns.count
    let guesses = ["Content"] + FieldNames.textGuesses
    guard
      let column = names.text.map({ columns.firstIndex(of: $0) })
        ?? guesses.lazy.compactMap({ columns.firstIndex(of: $0) }).first
    else { throw .missingField(path: path, line: line, field: names.text ?? "Content") }
    textColumn = column
    if let key = names.key {
      guard let column = columns.firstIndex(of: key) else {
        throw .missingField(path: path, line: line, field: key)
      }
      keyColumn = column
    }
    timeColumn =
      names.time.map { columns.firstIndex(of: $0) }
      ?? FieldNames.timeGuesses.lazy.compactMap { columns.firstIndex(of: $0) }.first
  }

  private func hold(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
    if bytes.count > text.count {
      text.deallocate()
      text = .allocate(byteCount: bytes.count * 2, alignment: 16)
    }
    text.copyBytes(from: bytes)
    return UnsafeRawBufferPointer(rebasing: text[..<bytes.count])
  }

  private func record(
    _ text: UnsafeRawBufferPointer, _ key: [UInt8]?, _ time: Int64?, _ line: UInt64,
    _ offset: UInt64
  ) -> TextRecord {
    TextRecord(
      text: text, key: key, time: time, source: lines.source, line: line, offset: offset)
  }
}
