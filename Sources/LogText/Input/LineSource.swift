import Glibc

/// A line as it stands in its source, without its line ending.
public struct RawLine {
  /// The bytes, borrowed until the next line is asked for. NUL bytes and invalid UTF-8 are kept.
  public let bytes: UnsafeRawBufferPointer
  /// Which source the line comes from: the number the caller gave its ``LineSource``.
  public let source: Int
  /// 1-based number of the line.
  public let number: UInt64
  /// Where the line begins in the unpacked stream, in bytes.
  public let offset: UInt64
  /// Whether the line was longer than the limit and lost its end.
  public let isCut: Bool
}

/// Reads a file or standard input line by line in bounded memory.
///
/// Plain or gzip is recognised by content; a UTF-8 mark at the start is passed over, and what is no text is refused. Lines end with `\n` or `\r\n`; the last one may lack its ending. A source is read
/// by one thread.
public final class LineSource {
  /// Bytes of a line beyond which it is cut, unless told otherwise.
  public static let defaultLineLimit = 1 << 20

  /// What names the source in messages: the path, or "standard input".
  public let path: String
  /// The number given at the start, repeated in every line.
  public let source: Int
  /// Whether the stored bytes can be read again from the start.
  public let isSeekable: Bool
  /// How many lines were cut so far.
  public private(set) var cutLines: UInt64 = 0
  /// How many lines were given out so far.
  public internal(set) var lineCount: UInt64 = 0
  /// How many unpacked bytes were given out so far, line endings included.
  public internal(set) var byteCount: UInt64 = 0

  /// Whether what was read first is hardly text, for control characters abound.
  public private(set) var looksBinary = false

  /// Finds the lines again that were given out.
  public let archive: LineArchive

  let bytes: ByteSource
  let buffer: UnsafeMutableRawBufferPointer
  let chunkSize: Int
  let lineLimit: Int
  /// Where the newline behind the unread bytes stands, once it was looked for.
  var knownNewline: Int?
  var start = 0
  var end = 0
  var ended = false
  /// Whether nothing has shown yet that this is text.
  var isAtStart = true
  private var isMemory = false
  var failure: LogTextError?

  /// Opens a source.
  ///
  /// - Parameters:
  ///   - path: a file, or `-` for standard input.
  ///   - source: a number of the caller's choice.
  ///   - lineLimit: bytes of a line beyond which it is cut; at least 1.
  ///   - chunkSize: how many bytes are asked for at once; at least 1.
  ///   - place: a line and its offset, to begin with that line; a packed file is read from its start.
  ///   - memory: bytes of lines that ``archive`` keeps where the source cannot be read again.
  /// - Throws: `notFound`, `isDirectory`, `permissionDenied` or `readFailed`.
  public convenience init(
    path: String, source: Int = 0, lineLimit: Int = defaultLineLimit, chunkSize: Int = 1 << 18,
    from place: (line: UInt64, offset: UInt64)? = nil, memory: Int = 0
  ) throws(LogTextError) {
    let bytes = try ByteSource(path: path)
    let canRepeat = path != "-" && bytes.isSeekable
    self.init(
      bytes, source: source, lineLimit: lineLimit, chunkSize: chunkSize,
      archive: LineArchive(path: canRepeat ? path : nil, memory: memory))
    if let place, place.line > 1, try bytes.seek(to: place.offset) {
      lineCount = place.line - 1
      byteCount = place.offset
      isAtStart = false
    }
  }

  /// Reads bytes in memory, which must outlive the source; they are never unpacked, and whatever they
  /// are they are lines.
  ///
  /// - Parameter name: names the source in messages.
  public convenience init(
    bytes: UnsafeRawBufferPointer, name: String, source: Int = 0, memory: Int = 0
  ) {
    self.init(
      ByteSource(bytes: bytes, name: name), source: source, lineLimit: Self.defaultLineLimit,
      chunkSize: 1 << 18, archive: LineArchive(path: nil, memory: memory))
    isMemory = true
  }

  private init(
    _ bytes: ByteSource, source: Int, lineLimit: Int, chunkSize: Int, archive: LineArchive
  ) {
    self.archive = archive
    self.bytes = bytes
    path = bytes.path
    self.source = source
    isSeekable = bytes.isSeekable
    self.lineLimit = max(1, lineLimit)
    self.chunkSize = max(1, chunkSize)
    // One byte more than the limit, so that a line of exactly the limit with its `\r` fits.
    buffer = .allocate(byteCount: self.lineLimit + 2 + self.chunkSize, alignment: 64)
  }

  deinit { buffer.deallocate() }

  /// The next line, or nil at the end.
  ///
  /// - Throws: `readFailed`, `truncatedGzip` or `damagedGzip`, after all complete lines before the failure; `noText`.
  public func next() throws(LogTextError) -> RawLine? {
    if let newline = knownNewline {
      knownNewline = nil
      return take(upTo: newline, skipping: newline + 1)
    }
    var scanned = start
    while true {
      if let newline = find(from: scanned) {
        return take(upTo: newline, skipping: newline + 1)
      }
      scanned = end
      if end - start > lineLimit + 1 { return takeCut() }
      if ended {
        if let failure { throw failure }
        return end > start ? take(upTo: end, skipping: end) : nil
      }
      scanned -= start
      let mayMove = isAtStart
      fill()
      // A mark that was passed over moves the start.
      scanned = mayMove ? start : scanned + start
    }
  }

  /// Whether the next line can be given out without moving the bytes of the last one.
  var hasBufferedLine: Bool {
    if knownNewline == nil { knownNewline = find(from: start) }
    return knownNewline != nil
  }

  /// Adds the next `count` bytes to an array, newlines among them, as long as it holds fewer than `limit`, and passes over the others;
  /// false when the source ends before.
  ///
  /// - Throws: what ``next()`` throws.
  func read(_ count: UInt64, into bytes: inout [UInt8], limit: Int) throws(LogTextError) -> Bool {
    knownNewline = nil
    var left = count
    while left > 0 {
      guard try fillIfEmpty() else { return false }
      let part = UnsafeRawBufferPointer(
        rebasing: buffer[start..<min(end, start + Int(clamping: left))])
      bytes.append(contentsOf: part.prefix(max(0, limit - bytes.count)))
      for byte in part where byte == ASCII.newline { lineCount += 1 }
      start += part.count
      byteCount += UInt64(part.count)
      left -= UInt64(part.count)
    }
    return true
  }

  /// Passes over a newline where one comes next.
  func skipNewline() throws(LogTextError) {
    guard try fillIfEmpty(), buffer[start] == ASCII.newline else { return }
    knownNewline = nil
    start += 1
    byteCount += 1
    lineCount += 1
  }

  private func fillIfEmpty() throws(LogTextError) -> Bool {
    while start == end {
      if ended {
        if let failure { throw failure }
        return false
      }
      fill()
    }
    return true
  }

  /// The first unread bytes, up to `count` and as many as the source gives, without consuming them.
  ///
  /// Waits for that many bytes on a pipe, so ask for few. At most `lineLimit` bytes are shown.
  public func peek(_ count: Int) -> UnsafeRawBufferPointer {
    while end - start < min(count, lineLimit), !ended { fill() }
    return UnsafeRawBufferPointer(rebasing: buffer[start..<min(end, start + count)])
  }

  /// The first unread bytes up to the end of a line, or what there is when no line ends within the limit.
  ///
  /// Waits for no more than one line, so it is fit for a live pipe.
  public func peekLine() -> UnsafeRawBufferPointer {
    while find(from: start) == nil, end - start <= lineLimit, !ended { fill() }
    return UnsafeRawBufferPointer(rebasing: buffer[start..<end])
  }

  private func find(from index: Int) -> Int? {
    guard index < end, let base = buffer.baseAddress,
      let hit = memchr(base + index, Int32(ASCII.newline), end - index)
    else { return nil }
    return UnsafeRawPointer(hit) - UnsafeRawPointer(base)
  }

  /// Makes room and reads one chunk more behind what is unread.
  func fill() {
    knownNewline = nil
    compact()
    readChunk()
  }

  private func compact() {
    guard start > 0, let base = buffer.baseAddress else { return }
    memmove(base, base + start, end - start)
    end -= start
    start = 0
  }

  /// Reads one chunk behind `end`. A failure is kept until the lines before it are given out.
  private func readChunk() {
    let room = min(chunkSize, buffer.count - end)
    do throws(LogTextError) {
      let count = try bytes.read(
        into: UnsafeMutableRawBufferPointer(rebasing: buffer[end..<(end + room)]))
      end += count
      if count == 0 { ended = true }
    } catch {
      failure = error
      ended = true
    }
    if isAtStart { lookAtStart() }
  }

  /// Passes over a mark, and refuses what is no text.
  private func lookAtStart() {
    let head = UnsafeRawBufferPointer(rebasing: buffer[start..<end])
    switch InputStart(head, isWhole: ended) {
    case .undecided: return
    case .binary: looksBinary = !isMemory
    case .text(let skipped):
      start += skipped
      byteCount += UInt64(skipped)
    case .other where isMemory: break
    case .other(let what, let remedy):
      failure = .noText(path: path, what: what, remedy: remedy)
      ended = true
      end = start
    }
    isAtStart = false
  }

  /// Whether there is nothing more to read; waits for a byte.
  ///
  /// - Throws: what ``next()`` throws.
  public func isAtEnd() throws(LogTextError) -> Bool { try !fillIfEmpty() }

  private func take(upTo last: Int, skipping next: Int) -> RawLine {
    var last = last
    if last > start, next > last, buffer[last - 1] == ASCII.carriageReturn { last -= 1 }
    let isCut = last - start > lineLimit
    if isCut {
      last = start + lineLimit
      cutLines += 1
    }
    let line = RawLine(
      bytes: UnsafeRawBufferPointer(rebasing: buffer[start..<last]), source: source,
      number: lineCount + 1, offset: byteCount, isCut: isCut)
    lineCount += 1
    byteCount += UInt64(next - start)
    start = next
    archive.note(line.bytes, number: line.number, offset: line.offset)
    return line
  }

  /// Gives out the first `lineLimit` bytes of an endless line and passes over the rest of it.
  private func takeCut() -> RawLine {
    compact()
    // The cut line stays at the front of the buffer while its rest streams through the room behind it.
    let kept = lineLimit
    let offset = byteCount
    byteCount += UInt64(end)
    while true {
      end = kept
      if ended {
        start = end
        break
      }
      readChunk()
      if let newline = find(from: kept) {
        start = newline + 1
        byteCount += UInt64(start - kept)
        break
      }
      byteCount += UInt64(end - kept)
    }
    lineCount += 1
    cutLines += 1
    let line = RawLine(
      bytes: UnsafeRawBufferPointer(rebasing: buffer[0..<kept]), source: source,
      number: lineCount, offset: offset, isCut: true)
    archive.note(line.bytes, number: line.number, offset: line.offset)
    return line
  }
}
