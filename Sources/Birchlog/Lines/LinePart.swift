import LogText

/// A stretch of whole lines for a thread to work on. How long it is does not depend on the number of threads.
struct LinePart: Sendable {
  /// Number of the first line, from 1.
  let first: UInt64
  /// Whether the lines are content already, their headers parted.
  let isContent: Bool
  fileprivate let block: LineBlock
  /// Numbers of the lines where they do not follow one another.
  private var numbers: [UInt64] = []

  fileprivate init(first: UInt64, isContent: Bool, block: LineBlock) {
    self.first = first
    self.isContent = isContent
    self.block = block
  }

  var count: Int { block.count }

  fileprivate mutating func add(_ record: UnsafeRawBufferPointer, number: UInt64) {
    if number != first + UInt64(count) || !numbers.isEmpty {
      if numbers.isEmpty { numbers = (0..<UInt64(count)).map { first + $0 } }
      numbers.append(number)
    }
    block.add(record)
  }

  /// A line of the part, by how many stand before it.
  @inline(__always)
  func line(_ index: Int) -> UnsafeRawBufferPointer { block.line(index).bytes }

  /// The number of such a line in the input.
  @inline(__always)
  func number(_ index: Int) -> UInt64 {
    numbers.isEmpty ? first + UInt64(index) : numbers[index]
  }

  /// Hands over every line with its number.
  @inline(__always)
  func forEachLine(_ body: (UnsafeRawBufferPointer, UInt64) -> Void) {
    for index in 0..<count { body(line(index), number(index)) }
  }
}

/// Reads an input part by part.
struct LinePartReader {
  private let source: LineSource
  private let records: TextReader?
  private(set) var notes: InputNotes
  private(set) var isAtEnd = false
  /// Those that no part holds any more are filled again.
  private var blocks: [LineBlock] = []

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
    let block = freeBlock()
    var part = LinePart(first: source.lineCount + 1, isContent: records != nil, block: block)
    while !isAtEnd, !block.isFull {
      do throws(LogTextError) {
        guard let records else {
          isAtEnd = try !source.next(block)
          notes.records += block.count
          break
        }
        guard let record = try records.next() else {
          isAtEnd = true
          break
        }
        part.add(record.content, number: record.line)
        notes.records += 1
      } catch {
        try notes.take(error)
        if error.endsSource { isAtEnd = true }
      }
    }
    if isAtEnd { try notes.finish(source) }
    return part.count > 0 ? part : nil
  }

  private mutating func freeBlock() -> LineBlock {
    for index in blocks.indices where isKnownUniquelyReferenced(&blocks[index]) {
      blocks[index].removeAll()
      return blocks[index]
    }
    let block = LineBlock()
    blocks.append(block)
    return block
  }
}
