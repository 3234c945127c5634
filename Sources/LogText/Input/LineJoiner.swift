/// Joins the lines of a record that come one by one: the last record is held until a line shows that it is whole.
public struct LineJoiner {
  /// A record with its own bytes.
  public struct Record: Sendable {
    /// The lines, joined by newlines.
    public var text: [UInt8]
    /// What is to be mined.
    public var content: [UInt8]
    /// Milliseconds since 1970, or nil.
    public var time: Int64?
    /// The part of the header that the splitter gives.
    public var key: [UInt8]?
    /// 1-based number of the first line.
    public var line: UInt64
    public var lineCount: UInt64
  }

  private let splitter: HeaderRecogniser.Splitter?
  private var rule: ContinuationRule
  private var spoken = SpokenText()
  /// The record that may go on.
  public private(set) var held: Record?

  /// - Parameters:
  ///   - header: says whether records begin with a time.
  ///   - splitter: parts the header off.
  public init(header: HeaderRecogniser?, splitter: HeaderRecogniser.Splitter?) {
    self.splitter = splitter
    rule = ContinuationRule(header: header)
  }

  /// Takes a line and gives the record that it ends.
  public mutating func push(_ line: UnsafeRawBufferPointer, number: UInt64) -> Record? {
    let split =
      splitter?.split(line) ?? HeaderLayout.Split(content: 0..<line.count, time: nil)
    if rule.goesOn(line, hasHeader: split.hasHeader), var record = held {
      record.text.append(ASCII.newline)
      record.text.append(contentsOf: line)
      spoken.add(line)
      record.content = spoken.bytes
      record.lineCount += 1
      held = record
      if record.lineCount >= ContinuationRule.longestRecord.lines
        || record.text.count >= ContinuationRule.longestRecord.bytes
      {
        rule.stop()
      }
      return nil
    }
    let whole = held
    spoken.begin(UnsafeRawBufferPointer(rebasing: line[split.content]))
    held = Record(
      text: Array(line), content: spoken.bytes, time: split.time,
      key: split.field.map { Array(line[$0]) }, line: number, lineCount: 1)
    return whole
  }

  /// Gives the record that is held: nothing more of it will come.
  public mutating func finish() -> Record? {
    defer {
      held = nil
      rule.stop()
    }
    return held
  }

  /// Takes up a record that was held elsewhere, by its text and the number of its first line.
  public mutating func resume(text: [UInt8], line: UInt64) {
    var number = line
    for part in text.split(separator: ASCII.newline, omittingEmptySubsequences: false) {
      _ = Array(part).withUnsafeBytes { push($0, number: number) }
      number += 1
    }
  }
}
