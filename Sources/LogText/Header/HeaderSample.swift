/// The texts of a source's first lines, from which its header is learned.
public enum HeaderSample {
  /// How many bytes of a source hold a good sample.
  public static let length = 1 << 19

  /// The texts of the first lines that end within the bytes: the lines themselves, or the field of the text where lines are records.
  ///
  /// Formats whose header is parted already (CSV), or that have none (sequences), give no texts.
  public static func texts(
    of head: UnsafeRawBufferPointer, format: InputFormat, names: FieldNames
  ) -> [[UInt8]] {
    switch format {
    case .text: return lines(of: head)
    case .jsonLines:
      guard let parser = try? JSONLineParser(names) else { return [] }
      return lines(of: head).compactMap { line in
        line.withUnsafeBytes { try? parser.parse($0, number: 0, path: "").text }
      }
    case .sequences, .structuredCSV, .journal: return []
    }
  }

  private static func lines(of head: UnsafeRawBufferPointer) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var start = 0
    while start < head.count, lines.count < HeaderRecogniser.sampleSize {
      let end = head[start...].firstIndex(of: ASCII.newline)
      // What the bytes cut off is no line, unless it is all there is.
      if end == nil, !lines.isEmpty, head.count >= length { break }
      var last = end ?? head.count
      let next = last + 1
      if last > start, head[last - 1] == ASCII.carriageReturn { last -= 1 }
      lines.append(Array(head[start..<last]))
      start = next
    }
    return lines
  }
}
