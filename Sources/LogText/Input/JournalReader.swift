/// Reads the entries of a journald export (`journalctl -o export`): fields `NAME=value`, or `NAME`, a length of eight bytes and that many
/// bytes where a value is no plain line; entries end with a blank line.
///
/// The format: systemd, "Journal Export Formats".
struct JournalReader {
  /// Keeps ``fields`` of every entry.
  var keepsFields = false
  /// The named values of the last entry that are plain lines.
  private(set) var fields: [RecordField] = []

  private let lines: LineSource
  private let textName: [UInt8]
  private let keyName: [UInt8]?
  private let timeName: [UInt8]?
  /// Lines of entries without the text, which were passed over.
  private(set) var silentLines: UInt64 = 0

  init(_ lines: LineSource, names: FieldNames) {
    self.lines = lines
    textName = Array((names.text ?? "MESSAGE").utf8)
    keyName = names.key.map { Array($0.utf8) }
    timeName = names.time.map { Array($0.utf8) }
  }

  /// The next entry that has the text, or nil at the end.
  ///
  /// - Throws: `malformedJournal`, after which the next call goes on behind the next blank line, or what reading throws.
  mutating func next() throws(LogTextError) -> TableReader.Row? {
    while true {
      guard let line = try firstLine() else { return nil }
      var row = TableReader.Row(
        text: [], key: nil, time: nil, line: line.number, lineCount: 0, offset: line.offset)
      var hasText = false
      var current: RawLine? = line
      fields = []
      while let line = current, !line.bytes.isEmpty {
        try read(line, into: &row, hasText: &hasText)
        current = try lines.next()
      }
      row.lineCount = lines.lineCount - row.line + 1
      if hasText { return row }
      silentLines += row.lineCount
    }
  }

  private func firstLine() throws(LogTextError) -> RawLine? {
    while let line = try lines.next() { if !line.bytes.isEmpty { return line } }
    return nil
  }

  private mutating func read(
    _ line: RawLine, into row: inout TableReader.Row, hasText: inout Bool
  ) throws(LogTextError) {
    let name: [UInt8]
    var value: [UInt8] = []
    if let equals = line.bytes.firstIndex(of: ASCII.equals) {
      name = Array(line.bytes[..<equals])
      if keepsFields, fields.count < RecordField.limit {
        fields.append(
          RecordField(name: ByteText.string(name), value: Array(line.bytes[(equals + 1)...])))
      }
      guard isWanted(name) else { return }
      value = Array(line.bytes[(equals + 1)...])
    } else {
      name = Array(line.bytes)
      let (number, path) = (line.number, lines.path)
      guard let size = try length() else {
        throw .malformedJournal(
          path: path, line: number, reason: "the entry ends within a binary field")
      }
      guard size < 1 << 40 else {
        throw .malformedJournal(
          path: path, line: number, reason: "a binary field claims \(size) bytes")
      }
      guard try lines.read(size, into: &value, limit: isWanted(name) ? lines.lineLimit : 0) else {
        throw .malformedJournal(
          path: path, line: number, reason: "the input ends within a binary field")
      }
      try lines.skipNewline()
    }
    if name == textName {
      row.text = value
      hasText = true
    }
    if name == keyName { row.key = value }
    if name == timeName || timeName == nil && Self.times.contains(name) {
      row.time = TimestampPattern.milliseconds(of: value) ?? row.time
    }
  }

  private static let times = ["__REALTIME_TIMESTAMP", "_SOURCE_REALTIME_TIMESTAMP"].map {
    Array($0.utf8)
  }

  private func isWanted(_ name: [UInt8]) -> Bool {
    name == textName || name == keyName || name == timeName || Self.times.contains(name)
  }

  /// Eight bytes, the least significant first; nil where the input ends.
  private func length() throws(LogTextError) -> UInt64? {
    var bytes: [UInt8] = []
    guard try lines.read(8, into: &bytes, limit: 8) else { return nil }
    return bytes.enumerated().reduce(0) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) }
  }
}
