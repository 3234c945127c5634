import Glibc
import LogText

/// Reads one input, whatever its format, and hands over its sessions or its lines.
struct InputReader {
  /// A line and what its format says of it.
  struct Record {
    /// Borrowed until the next record.
    var text: UnsafeRawBufferPointer
    var key: [UInt8]?
    var time: Int64?
    var line: UInt64
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

  var fieldNames: FieldNames { FieldNames(text: options.textField, key: options.keyField) }

  /// Hands over each session of a sequence file.
  func readSequences(
    _ source: LineSource, _ take: (SequenceRecord) throws(BirchlogError) -> Void
  ) throws(BirchlogError) {
    var reader = SequenceReader(source)
    while let record = try wrapped({ () throws(LogTextError) in try reader.next() }) {
      try take(record)
    }
  }

  /// Hands over each record of text, JSON Lines or CSV.
  func readText(
    _ source: LineSource, format: InputFormat, _ take: (Record) throws(BirchlogError) -> Void
  ) throws(BirchlogError) {
    let reader = try wrapped { () throws(LogTextError) in
      try TextReader(source, format: format, names: fieldNames)
    }
    while let record = try wrapped({ () throws(LogTextError) in try reader.next() }) {
      try take(Record(text: record.text, key: record.key, time: record.time, line: record.line))
    }
  }

  /// Hands over each line of a buffer.
  func readLines(
    of buffer: UnsafeRawBufferPointer, format: InputFormat,
    _ take: (Record) throws(BirchlogError) -> Void
  ) throws(BirchlogError) {
    let json = try jsonParser(format)
    var start = 0
    var number: UInt64 = 0
    while start < buffer.count {
      let end = buffer[start...].firstIndex(of: 0x0a) ?? buffer.count
      number += 1
      let line = Self.trimmed(UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
      try parse(line, number: number, json: json, take)
      start = end + 1
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

  /// A line without its ending.
  static func trimmed(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var end = line.count
    if end > 0, line[end - 1] == 0x0a { end -= 1 }
    if end > 0, line[end - 1] == 0x0d { end -= 1 }
    return UnsafeRawBufferPointer(rebasing: line[..<end])
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
