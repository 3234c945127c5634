/// What a file holds.
public enum InputFormat: String, Sendable, CaseIterable {
  /// Raw log lines.
  case text
  /// One session of event numbers a line: `id,5 5 22 11`, or the numbers alone.
  case sequences
  /// One JSON object a line, one of its fields the text.
  case jsonLines = "jsonl"
  /// CSV with a header line, its column `Content` the text, as LogPAI publishes its logs.
  case structuredCSV = "csv"
  /// Entries of a journald export (`journalctl -o export`).
  case journal

  /// How many bytes of a source are enough to recognise its format.
  public static let recognitionLength = 1 << 16

  /// Recognises the format from the first bytes of a source.
  ///
  /// Sequences ask every complete line among the bytes (at most 64) to be of the form, JSON Lines nine of ten; anything else is text.
  public static func recognise(_ head: UnsafeRawBufferPointer) -> InputFormat {
    let head = UnsafeRawBufferPointer(rebasing: head[markLength(of: head)...])
    let lines = completeLines(of: head, limit: 64)
    guard let first = lines.first else { return .text }
    if isStructuredHeader(first) { return .structuredCSV }
    let filled = lines.filter { line in line.contains { !ASCII.isSpace($0) } }
    guard !filled.isEmpty else { return .text }
    if isJournal(lines) { return .journal }
    if filled.allSatisfy({ looksLikeSequence($0) }) { return .sequences }
    // A few damaged lines make no other format of it.
    if looksLikeObject(filled[0]), 10 * filled.count(where: looksLikeObject) >= 9 * filled.count {
      return .jsonLines
    }
    return .text
  }

  /// Bytes of the UTF-8 mark (U+FEFF) at a start, which says nothing; 0 where there is none.
  public static func markLength(of bytes: UnsafeRawBufferPointer) -> Int {
    bytes.starts(with: InputStart.mark) ? InputStart.mark.count : 0
  }

  /// Why lines are not taken of which this is the first: they are no text but UTF-16 or packed, by gzip too, since lines
  /// come unpacked; nil for what may be text.
  ///
  /// - Parameter path: what the message calls the input.
  public static func refusal(
    ofStart line: UnsafeRawBufferPointer, path: String
  ) -> LogTextError? {
    if line.starts(with: InputStart.gzip) {
      return .noText(path: path, what: "gzip data", remedy: "gzip -dc %")
    }
    guard case .other(let what, let remedy) = InputStart(line, isWhole: true) else { return nil }
    return .noText(path: path, what: what, remedy: remedy)
  }

  /// The lines that end within the bytes; the unfinished last one only where there is no other.
  private static func completeLines(of head: UnsafeRawBufferPointer, limit: Int)
    -> [UnsafeRawBufferPointer]
  {
    var lines: [UnsafeRawBufferPointer] = []
    var start = 0
    while start < head.count, lines.count < limit {
      var end = start
      while end < head.count, head[end] != ASCII.newline { end += 1 }
      if end == head.count, !lines.isEmpty, head.count >= recognitionLength { break }
      let next = end + 1
      if end > start, head[end - 1] == ASCII.carriageReturn { end -= 1 }
      lines.append(UnsafeRawBufferPointer(rebasing: head[start..<end]))
      start = next
    }
    return lines
  }

  private static func looksLikeSequence(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let parts = SequenceRecord.split(line) else { return false }
    // A free text can end in ", 5": an id is one word.
    if let id = parts.id, id.contains(where: { ASCII.isSpace($0) || $0 == ASCII.leftBrace }) {
      return false
    }
    return parts.events.allSatisfy { ASCII.isDigit($0) || ASCII.isSpace($0) }
  }

  private static func looksLikeObject(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let first = line.first(where: { !ASCII.isSpace($0) }),
      let last = line.last(where: { !ASCII.isSpace($0) })
    else { return false }
    return first == ASCII.leftBrace && (last == 0x7D || line.count >= recognitionLength)
  }

  private static func isStructuredHeader(_ line: UnsafeRawBufferPointer) -> Bool {
    var parser = CSVRecordParser()
    guard parser.append(line) == .complete, parser.fields.count > 1 else { return false }
    return parser.fields.contains(Array("Content".utf8))
      && parser.fields.allSatisfy { field in !field.contains(where: { ASCII.isSpace($0) }) }
  }

  /// The first entry has a cursor or a time, as journald writes them ahead of everything else.
  private static func isJournal(_ lines: [UnsafeRawBufferPointer]) -> Bool {
    guard let first = lines.first(where: { !$0.isEmpty }) else { return false }
    return ["__CURSOR=", "__REALTIME_TIMESTAMP=", "__MONOTONIC_TIMESTAMP="].contains { name in
      first.starts(with: Array(name.utf8))
    }
  }
}
