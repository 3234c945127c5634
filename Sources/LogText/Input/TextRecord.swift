/// A record of a text-like source: the text to mine, beside what the format says of it.
public struct TextRecord {
  /// The text, borrowed until the next record is asked for.
  public let text: UnsafeRawBufferPointer
  /// The session key where the format has a field for it and the record fills it.
  public let key: [UInt8]?
  /// Milliseconds since 1970 where the format has a field for the time; raw lines carry theirs in their header.
  public let time: Int64?
  /// Which source the record comes from.
  public let source: Int
  /// 1-based number of the record's first line.
  public let line: UInt64
  /// Where the record begins in the unpacked stream, in bytes.
  public let offset: UInt64
}
