import LogText

/// A stretch of whole lines, copied, for a thread to work on.
struct LinePart: Sendable {
  /// Bytes from which on a part is full; fixed, so that the number of threads changes nothing.
  private static let fullSize = 1 << 20
  private static let fullCount = 1 << 14

  /// Number of the first line, from 1.
  let first: UInt64
  /// Whether the lines are content already, their headers parted.
  let isContent: Bool
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  /// Numbers of the lines where they do not follow one another.
  private var numbers: [UInt64] = []

  init(first: UInt64, isContent: Bool) {
    self.first = first
    self.isContent = isContent
    bytes.reserveCapacity(Self.fullSize + 4096)
    ends.reserveCapacity(Self.fullCount / 2)
  }

  var count: Int { ends.count }
  var isFull: Bool { bytes.count >= Self.fullSize || ends.count >= Self.fullCount }

  mutating func add(_ line: UnsafeRawBufferPointer, number: UInt64) {
    bytes.append(contentsOf: line)
    if number != first + UInt64(ends.count) || !numbers.isEmpty {
      if numbers.isEmpty { numbers = (0..<UInt64(ends.count)).map { first + $0 } }
      numbers.append(number)
    }
    ends.append(bytes.count)
  }

  /// Hands over every line with its number.
  func forEachLine(_ body: (UnsafeRawBufferPointer, UInt64) -> Void) {
    bytes.withUnsafeBytes { bytes in
      var start = 0
      for (index, end) in ends.enumerated() {
        let number = numbers.isEmpty ? first + UInt64(index) : numbers[index]
        body(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), number)
        start = end
      }
    }
  }
}

/// Reads an input part by part.
struct LinePartReader {
  private let source: LineSource
  private let records: TextReader?
  private(set) var notes: InputNotes
  private(set) var isAtEnd = false

  /// - Parameter records: reads what is not raw text; nil where every line stands for itself.
  init(_ source: LineSource, records: TextReader?) {
    self.source = source
    self.records = records
    notes = InputNotes(path: source.path)
  }

  /// Lines read so far.
  var lineCount: UInt64 { source.lineCount }

  /// The next part, or nil at the end.
  mutating func next() throws(BirchlogError) -> LinePart? {
    var part = LinePart(first: source.lineCount + 1, isContent: records != nil)
    while !isAtEnd, !part.isFull {
      do throws(LogTextError) {
        if let records {
          guard let record = try records.next() else {
            isAtEnd = true
            break
          }
          part.add(record.content, number: record.line)
        } else {
          guard let line = try source.next() else {
            isAtEnd = true
            break
          }
          part.add(line.bytes, number: line.number)
        }
        notes.records += 1
      } catch {
        try notes.take(error)
        if error.endsSource { isAtEnd = true }
      }
    }
    if isAtEnd { try notes.finish(source) }
    return part.count > 0 ? part : nil
  }
}
