/// Reads the rows of a CSV table whose header line names the columns.
struct TableReader {
  private let lines: LineSource
  private var csv = CSVRecordParser()
  private var textColumn = 0
  private var keyColumn: Int?
  private var timeColumn: Int?
  private var columns: [String] = []

  /// One row.
  struct Row {
    var text: [UInt8]
    var key: [UInt8]?
    var time: Int64?
    var line: UInt64
    var lineCount: UInt64
    var offset: UInt64
  }

  /// Reads the header line.
  ///
  /// - Throws: `missingField` when it lacks a column, or what reading throws.
  init(_ lines: LineSource, names: FieldNames) throws(LogTextError) {
    self.lines = lines
    guard let (line, _) = try readRow() else { return }
    let columns = csv.fields.map { ByteText.string($0) }
    self.columns = columns
    let guesses = ["Content"] + FieldNames.textGuesses
    guard
      let column = names.text.map({ columns.firstIndex(of: $0) })
        ?? guesses.lazy.compactMap({ columns.firstIndex(of: $0) }).first
    else {
      throw .missingField(
        path: lines.path, line: line, field: names.text ?? "Content", found: columns)
    }
    textColumn = column
    if let key = names.key {
      guard let column = columns.firstIndex(of: key) else {
        throw .missingField(path: lines.path, line: line, field: key, found: columns)
      }
      keyColumn = column
    }
    timeColumn =
      names.time.map { columns.firstIndex(of: $0) }
      ?? FieldNames.timeGuesses.lazy.compactMap { columns.firstIndex(of: $0) }.first
  }

  /// The next row, or nil at the end; blank lines are passed over.
  ///
  /// - Throws: `malformedCSV`, or what reading throws. After a bad row the next call goes on behind it.
  mutating func next() throws(LogTextError) -> Row? {
    while let (line, offset) = try readRow() {
      if csv.fields.count == 1, csv.fields[0].isEmpty { continue }
      guard csv.fields.count == columns.count else {
        throw .malformedCSV(
          path: lines.path, line: line,
          reason: "expected \(columns.count) fields but found \(csv.fields.count)")
      }
      return Row(
        text: csv.fields[textColumn], key: keyColumn.map { csv.fields[$0] },
        time: timeColumn.flatMap { TimestampPattern.milliseconds(of: csv.fields[$0]) },
        line: line, lineCount: lines.lineCount - line + 1, offset: offset)
    }
    return nil
  }

  /// The named values of the last row.
  var fields: [RecordField] {
    zip(columns, csv.fields).prefix(RecordField.limit).map { RecordField(name: $0, value: $1) }
  }

  /// Reads one record into `csv`; nil at the end.
  private mutating func readRow() throws(LogTextError) -> (line: UInt64, offset: UInt64)? {
    guard var line = try lines.next() else { return nil }
    let first = (line.number, line.offset)
    var size = 0
    while true {
      size += line.bytes.count
      switch csv.append(line.bytes) {
      case .complete: return first
      case .malformed:
        csv = CSVRecordParser()
        throw .malformedCSV(
          path: lines.path, line: first.0, reason: "text follows a closing quote")
      case .unfinished:
        guard size <= LineSource.defaultLineLimit, let more = try lines.next() else {
          csv = CSVRecordParser()
          throw .malformedCSV(
            path: lines.path, line: first.0, reason: "a quoted field does not end")
        }
        line = more
      }
    }
  }
}
