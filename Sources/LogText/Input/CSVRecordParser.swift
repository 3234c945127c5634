/// Parts CSV records (RFC 4180) into fields, fed line by line so that a quoted field may span lines.
public struct CSVRecordParser {
  /// What the lines fed so far amount to.
  public enum Progress: Sendable, Equatable {
    /// ``CSVRecordParser/fields`` holds a whole record; the next line begins another.
    case complete
    /// A quoted field goes on in the next line.
    case unfinished
    /// Text follows a closing quote.
    case malformed
  }

  /// The fields of the record, without their quotes.
  public private(set) var fields: [[UInt8]] = []
  private var isOpen = false

  public init() {}

  /// Adds a line, without its line ending.
  ///
  /// Space around fields is kept; a quote inside an unquoted field is an ordinary byte.
  public mutating func append(_ line: UnsafeRawBufferPointer) -> Progress {
    var field: [UInt8] = []
    var inQuotes = isOpen
    if isOpen {
      field = fields.popLast() ?? []
      field.append(ASCII.newline)
      isOpen = false
    } else {
      fields.removeAll(keepingCapacity: true)
    }
    var atStart = !inQuotes
    var closed = false
    var index = 0
    while index < line.count {
      let byte = line[index]
      index += 1
      if inQuotes {
        if byte != ASCII.quote {
          field.append(byte)
        } else if index < line.count, line[index] == ASCII.quote {
          field.append(ASCII.quote)
          index += 1
        } else {
          inQuotes = false
          closed = true
        }
      } else if byte == ASCII.comma {
        fields.append(field)
        field.removeAll(keepingCapacity: true)
        atStart = true
        closed = false
      } else if byte == ASCII.quote, atStart {
        inQuotes = true
        atStart = false
      } else {
        if closed { return .malformed }
        field.append(byte)
        atStart = false
      }
    }
    fields.append(field)
    isOpen = inQuotes
    return inQuotes ? .unfinished : .complete
  }
}
