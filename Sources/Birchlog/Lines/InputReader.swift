import Glibc
import LogText

/// Reads one input, whatever its format, and hands over its sessions or its lines.
struct InputReader {
  /// A line and what its format says of it.
  struct Record {
    /// Borrowed until the next record.
    var text: UnsafeRawBufferPointer
    /// What is mined, borrowed likewise; nil where the header has not been parted yet.
    var content: UnsafeRawBufferPointer?
    var key: [UInt8]?
    var time: Int64?
    /// Number of the first line from 1, and how many lines there are.
    var line: UInt64
    var lineCount: UInt64 = 1

    /// The lines as a session keeps them.
    var place: UInt64 { LinePlace.pack(first: line, count: lineCount) }
  }

  let options: Options

  /// Whether a path can be opened; checked before anything is trained.
  static func checkReadable(_ path: String) throws(BirchlogError) {
    do {
      _ = try LineSource(path: path, chunkSize: 1)
    } catch {
      throw .init(error)
    }
  }

  /// The format of a source: as the options say, or by its first bytes.
  func format(of source: LineSource) -> InputFormat {
    InputFormat(rawValue: options.format)
      ?? InputFormat.recognise(source.peek(InputFormat.recognitionLength))
  }

  /// The format of lines in memory: as the options say, or by the first bytes; never sequences or a table.
  func bufferFormat(of buffer: UnsafeRawBufferPointer) -> InputFormat {
    if let format = InputFormat(rawValue: options.format) { return format }
    let head = UnsafeRawBufferPointer(rebasing: buffer.prefix(InputFormat.recognitionLength))
    let format = InputFormat.recognise(head)
    return format == .jsonLines || format == .journal ? format : .text
  }

  var fieldNames: FieldNames { FieldNames(text: options.textField, key: options.keyField) }

  /// Hands over each session of a sequence file.
  ///
  /// - Returns: what was amiss.
  func readSequences(
    _ source: LineSource, _ take: (SequenceRecord) throws(BirchlogError) -> Void
  ) throws(BirchlogError) -> InputNotes {
    var reader = SequenceReader(source)
    var notes = InputNotes(path: source.path)
    while true {
      let record: SequenceRecord?
      do throws(LogTextError) {
        record = try reader.next()
      } catch {
        try notes.take(error)
        break
      }
      guard let record else { break }
      notes.records += 1
      try take(record)
    }
    try notes.finish(source)
    return notes
  }

  /// Hands over each record of text, JSON Lines, CSV or a journal. Records that cannot be read are counted and passed over, and of
  /// damaged compressed data what could be unpacked is read.
  ///
  /// - Parameter header: parts headers off; nil where the text is content as a whole.
  /// - Returns: what was amiss.
  func readText(
    _ source: LineSource, format: InputFormat, header: HeaderRecogniser?,
    _ take: (Record) throws(BirchlogError) -> Void
  ) throws(BirchlogError) -> InputNotes {
    let reader = try wrapped { () throws(LogTextError) in
      try TextReader(
        source, format: format, names: fieldNames, header: header, joins: options.multiline)
    }
    var notes = InputNotes(path: source.path)
    while true {
      let next: TextRecord?
      do throws(LogTextError) {
        next = try reader.next()
      } catch {
        try notes.take(error)
        if error.endsSource { break }
        continue
      }
      guard let record = next else { break }
      notes.records += 1
      try take(
        Record(
          text: record.text, content: record.content, key: record.key, time: record.time,
          line: record.line, lineCount: record.lineCount))
    }
    notes.silentLines = Int(clamping: reader.silentLines)
    notes.joinedRecords = Int(clamping: reader.joinedRecords)
    notes.abandonedHeaders = Int(clamping: reader.abandonedHeaders)
    try notes.finish(source)
    return notes
  }

  /// The header of a source's records, learned from its first lines, given by the user, or nil for none.
  func header(of source: LineSource, format: InputFormat) throws(BirchlogError) -> HeaderRecogniser?
  {
    try header(format: format) { source.peek(HeaderSample.length) }
  }

  /// The same, the first lines being given.
  func header(
    format: InputFormat, head: () -> UnsafeRawBufferPointer
  ) throws(BirchlogError) -> HeaderRecogniser? {
    switch options.header {
    case "none": return nil
    case "auto":
      let texts = HeaderSample.texts(of: head(), format: format, names: fieldNames)
      return texts.isEmpty ? nil : HeaderRecogniser(sample: texts)
    default:
      return try wrapped { () throws(LogTextError) in
        try HeaderRecogniser(pattern: options.header)
      }
    }
  }

  /// A parser where lines are JSON objects.
  func jsonParser(_ format: InputFormat) throws(BirchlogError) -> JSONLineParser? {
    guard format == .jsonLines else { return nil }
    return try wrapped { () throws(LogTextError) in try JSONLineParser(fieldNames) }
  }

  /// Hands over one line, taken apart by `json` where there is one. Blank lines of JSON are passed
  /// over.
  func parse(
    _ line: UnsafeRawBufferPointer, number: UInt64, json: JSONLineParser?,
    _ take: (Record) throws(BirchlogError) -> Void
  ) throws(BirchlogError) {
    guard let json else { return try take(Record(text: line, line: number)) }
    guard line.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
    let fields = try wrapped { () throws(LogTextError) in
      try json.parse(line, number: number, path: "the lines")
    }
    var failure: BirchlogError?
    fields.text.withUnsafeBytes { text in
      do throws(BirchlogError) {
        try take(Record(text: text, key: fields.key, time: fields.time, line: number))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  /// A line without its ending, and without a UTF-8 mark before it.
  static func trimmed(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var end = line.count
    if end > 0, line[end - 1] == 0x0a { end -= 1 }
    if end > 0, line[end - 1] == 0x0d { end -= 1 }
    return UnsafeRawBufferPointer(rebasing: line[InputFormat.markLength(of: line)..<end])
  }
}

/// Runs a call into LogText and turns its error into the library's.
func wrapped<Result>(_ body: () throws(LogTextError) -> Result) throws(BirchlogError) -> Result {
  do {
    return try body()
  } catch {
    throw .init(error)
  }
}
