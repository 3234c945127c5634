/// Reads the records of raw text, JSON Lines, structured CSV and journald exports alike.
public final class TextReader {
  /// What the source holds.
  public let format: InputFormat
  /// The source's path, for messages.
  public var path: String { lines.path }
  /// Records that took more than one line of raw text.
  public private(set) var joinedRecords: UInt64 = 0
  /// Lines of entries that carry no text, which were passed over.
  public var silentLines: UInt64 { journal?.silentLines ?? 0 }

  /// Keeps ``fields`` of every record.
  public var keepsFields = false {
    didSet {
      json?.keepsFields = keepsFields
      journal?.keepsFields = keepsFields
    }
  }
  /// The named values of the last record; none where the format has no fields, or they are not kept.
  public var fields: [RecordField] {
    guard keepsFields else { return [] }
    return json?.fields ?? table?.fields ?? journal?.fields ?? []
  }

  /// Lines on which the user's header expression gave up.
  public var abandonedHeaders: UInt64 { header?.abandonedLines ?? 0 }

  private let lines: LineSource
  private let json: JSONLineParser?
  private var table: TableReader?
  private var journal: JournalReader?
  private let header: HeaderRecogniser.Splitter?
  private var rule: ContinuationRule?
  /// The line behind the last record, which begins the next one.
  private var following: Part?
  /// Thrown by the next call, since a record was whole before it came.
  private var failure: LogTextError?
  /// Own the bytes of a record that is not a slice of the source's buffer.
  private var text = HeldBytes()
  private var spoken = SpokenText()
  private var content = HeldBytes()

  /// A line of raw text with what its header says.
  private struct Part {
    var line: RawLine
    var split: HeaderLayout.Split
  }

  /// Reads what the source has not given out yet.
  ///
  /// - Parameters:
  ///   - format: `text`, `jsonLines`, `structuredCSV` or `journal`; sequences are read as text, since ``SequenceReader`` is theirs.
  ///   - names: which fields hold text, key and time, where the format has fields.
  ///   - header: parts the lines of raw text, and the texts of JSON Lines and of a journal.
  ///   - joins: a record of raw text may take several lines.
  /// - Throws: `missingField` when a CSV header lacks a column, `malformedCSV`, or what reading throws.
  public init(
    _ lines: LineSource, format: InputFormat, names: FieldNames = FieldNames(),
    header: HeaderRecogniser? = nil, joins: Bool = false
  ) throws(LogTextError) {
    self.lines = lines
    self.format = format
    let isRaw = format == .text || format == .sequences
    if isRaw, header == nil, let key = names.key {
      throw .missingHeaderField(name: key, found: [])
    }
    self.header = try header?.makeSplitter(field: isRaw ? names.key : nil)
    rule = joins ? ContinuationRule(header: header) : nil
    json = format == .jsonLines ? try JSONLineParser(names) : nil
    table = format == .structuredCSV ? try TableReader(lines, names: names) : nil
    journal = format == .journal ? JournalReader(lines, names: names) : nil
  }

  /// The next record, or nil at the end. Blank lines are records of raw text and passed over elsewhere.
  ///
  /// - Throws: `malformedJSON`, `missingField`, `malformedCSV`, `malformedJournal`, or what reading throws. After a bad record the
  ///   next call goes on behind it.
  public func next() throws(LogTextError) -> TextRecord? {
    switch format {
    case .text, .sequences: return rule == nil ? try nextLine() : try nextRecord()
    case .jsonLines: return try nextObject()
    case .structuredCSV: return try table?.next().map { row in record(row) }
    case .journal: return try journal?.next().map { row in record(row) }
    }
  }

  private func nextLine() throws(LogTextError) -> TextRecord? {
    try lines.next().map { record(Part(line: $0, split: split($0.bytes)), lineCount: 1) }
  }

  /// A record of raw text: a line and those that go on with it.
  private func nextRecord() throws(LogTextError) -> TextRecord? {
    guard let first = try takeFollowing() else { return nil }
    if first.isBeginning {
      _ = rule?.goesOn(first.part.line.bytes, hasHeader: first.part.split.hasHeader)
    }
    var head = first.part
    var lineCount: UInt64 = 1
    var isHeld = false
    while true {
      // Looking farther may move the source's bytes.
      if !isHeld, !lines.hasBufferedLine {
        head = held(head)
        isHeld = true
      }
      let next: Part
      do throws(LogTextError) {
        guard let line = try lines.next() else { break }
        next = Part(line: line, split: split(line.bytes))
      } catch {
        failure = error
        break
      }
      guard rule?.goesOn(next.line.bytes, hasHeader: next.split.hasHeader) == true else {
        following = next
        break
      }
      if lineCount == 1 {
        if !isHeld { head = held(head) }
        isHeld = true
        spoken.begin(UnsafeRawBufferPointer(rebasing: head.line.bytes[head.split.content]))
        joinedRecords += 1
      }
      lineCount += 1
      text.append(ASCII.newline)
      text.append(next.line.bytes)
      spoken.add(next.line.bytes)
      if lineCount >= ContinuationRule.longestRecord.lines
        || text.count >= ContinuationRule.longestRecord.bytes
      {
        rule?.stop()
      }
    }
    return record(head, lineCount: lineCount)
  }

  /// The line that ended the record before, which the rule has seen, or else the next one.
  private func takeFollowing() throws(LogTextError) -> (part: Part, isBeginning: Bool)? {
    if let following {
      self.following = nil
      return (following, false)
    }
    if let failure {
      self.failure = nil
      throw failure
    }
    return try lines.next().map { (Part(line: $0, split: split($0.bytes)), true) }
  }

  private func split(_ line: UnsafeRawBufferPointer) -> HeaderLayout.Split {
    header?.split(line) ?? HeaderLayout.Split(content: 0..<line.count, time: nil)
  }

  /// The same line with bytes of our own.
  private func held(_ part: Part) -> Part {
    text.removeAll()
    text.append(part.line.bytes)
    var part = part
    part.line = RawLine(
      bytes: text.bytes, source: part.line.source, number: part.line.number,
      offset: part.line.offset, isCut: part.line.isCut)
    return part
  }

  private func nextObject() throws(LogTextError) -> TextRecord? {
    while let line = try lines.next(), let json {
      if line.bytes.allSatisfy({ ASCII.isSpace($0) }) { continue }
      let fields = try json.parse(line.bytes, number: line.number, path: path)
      return record(
        TableReader.Row(
          text: fields.text, key: fields.key, time: fields.time, line: line.number, lineCount: 1,
          offset: line.offset))
    }
    return nil
  }

  private func record(_ head: Part, lineCount: UInt64) -> TextRecord {
    var whole = head.line.bytes
    let key = head.split.field.map { Array(whole[$0]) }
    var said = UnsafeRawBufferPointer(rebasing: whole[head.split.content])
    if lineCount > 1 {
      whole = text.bytes
      content.set(spoken.bytes)
      said = content.bytes
    }
    return TextRecord(
      text: whole, content: said, key: key, time: head.split.time, source: lines.source,
      line: head.line.number, lineCount: lineCount, offset: head.line.offset)
  }

  private func record(_ row: TableReader.Row) -> TextRecord {
    text.set(row.text)
    let split = split(text.bytes)
    var said = UnsafeRawBufferPointer(rebasing: text.bytes[split.content])
    if spoken.condense(said) {
      content.set(spoken.bytes)
      said = content.bytes
    }
    return TextRecord(
      text: text.bytes, content: said, key: row.key, time: row.time ?? split.time,
      source: lines.source, line: row.line, lineCount: row.lineCount, offset: row.offset)
  }
}
