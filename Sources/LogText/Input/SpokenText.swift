/// Gathers what a record of several lines says in one line: its first line and the exceptions named behind it, without the frames.
struct SpokenText {
  /// Lines behind the first that are kept, and bytes in all.
  private static let most = (lines: 4, bytes: 4096)

  private(set) var bytes: [UInt8] = []
  private var kept = 0

  /// Begins a record with its first line's content.
  mutating func begin(_ content: UnsafeRawBufferPointer) {
    bytes.removeAll(keepingCapacity: true)
    bytes.append(contentsOf: content)
    kept = 0
  }

  /// Adds a line behind the first.
  mutating func add(_ line: UnsafeRawBufferPointer) {
    guard kept < Self.most.lines, bytes.count + line.count < Self.most.bytes,
      ContinuationRule.speaks(line)
    else { return }
    kept += 1
    if !bytes.isEmpty { bytes.append(ASCII.space) }
    bytes.append(contentsOf: line)
  }

  /// What a text of several lines says; nil when it is one line.
  mutating func condense(_ text: UnsafeRawBufferPointer) -> Bool {
    guard text.contains(ASCII.newline) else { return false }
    begin(UnsafeRawBufferPointer(start: nil, count: 0))
    var start = 0
    var isFirst = true
    while start < text.count {
      let end = text[start...].firstIndex(of: ASCII.newline) ?? text.count
      var last = end
      if last > start, text[last - 1] == ASCII.carriageReturn { last -= 1 }
      let line = UnsafeRawBufferPointer(rebasing: text[start..<last])
      if isFirst, line.contains(where: { !ASCII.isSpace($0) }) {
        begin(line)
        isFirst = false
      } else if !isFirst {
        add(line)
      }
      start = end + 1
    }
    return true
  }
}
