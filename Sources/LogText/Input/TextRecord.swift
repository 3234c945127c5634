/// A record of a text-like source: the text to mine, beside what the format says of it.
public struct TextRecord {
  /// The record as it stands, its lines joined by newlines; borrowed until the next record is asked for.
  public let text: UnsafeRawBufferPointer
  /// What is to be mined: the text without its header, and of several lines those that say something; borrowed likewise.
  public let content: UnsafeRawBufferPointer
  /// The session key where the format has a field for it and the record fills it.
  public let key: [UInt8]?
  /// Milliseconds since 1970: by the format's field for the time, or by the header of a raw line.
  public let time: Int64?
  /// Which source the record comes from.
  public let source: Int
  /// 1-based number of the record's first line.
  public let line: UInt64
  /// How many lines of the source the record takes.
  public let lineCount: UInt64
  /// Where the record begins in the unpacked stream, in bytes.
  public let offset: UInt64
}
