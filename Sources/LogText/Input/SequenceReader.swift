/// Reads the sessions of a sequence file.
public struct SequenceReader {
  private let lines: LineSource

  /// Reads what the source has not given out yet.
  public init(_ lines: LineSource) { self.lines = lines }

  /// The next session, or nil at the end; blank lines are passed over.
  ///
  /// - Throws: `malformedSequence`, `eventOutOfRange`, or what reading the source throws. After a malformed line the next call
  ///   goes on with the line behind it.
  public mutating func next() throws(LogTextError) -> SequenceRecord? {
    while let line = try lines.next() {
      if line.bytes.allSatisfy({ ASCII.isSpace($0) }) { continue }
      if line.isCut {
        // A session that lost its end would look like a truncated one, which is what is searched for.
        throw .malformedSequence(
          path: lines.path, line: line.number,
          found: ByteText.excerpt(line.bytes) + " (longer than the line limit)")
      }
      return try SequenceRecord.parse(line.bytes, line: line.number, path: lines.path)
    }
    return nil
  }
}
