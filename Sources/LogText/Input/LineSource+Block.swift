extension LineSource {
  /// Fills a block with the next lines, as many as it takes; false at the end. A line that is longer than a block comes alone.
  ///
  /// - Throws: what ``next()`` throws.
  public func next(_ block: LineBlock) throws(LogTextError) -> Bool {
    block.removeAll()
    while isAtStart, !ended { fill() }
    knownNewline = nil
    // No line among so many bytes is longer than the limit.
    let size = min(LineBlock.size, lineLimit)
    let unread = UnsafeRawBufferPointer(rebasing: buffer[start..<end])
    block.fill(upTo: min(size, unread.count)) { room in
      room.copyMemory(from: UnsafeRawBufferPointer(rebasing: unread[..<room.count]))
      return room.count
    }
    let isEmptied = block.filled == unread.count
    if isEmptied {
      while block.filled < size, !block.isFull, !ended {
        block.fill(upTo: min(size, block.filled + chunkSize)) { readStored(into: $0) }
      }
      if ended, failure == nil { block.close() }
      keep(block.rest)
    } else {
      start += block.used
    }
    guard block.count > 0 else {
      block.removeAll()
      guard let line = try next() else { return false }
      block.add(line.bytes)
      return true
    }
    note(block)
    lineCount += UInt64(block.count)
    byteCount += UInt64(block.used)
    return true
  }

  /// Reads on; a failure is kept until the lines before it are given out.
  private func readStored(into room: UnsafeMutableRawBufferPointer) -> Int {
    do throws(LogTextError) {
      let count = try bytes.read(into: room)
      if count == 0 { ended = true }
      return count
    } catch {
      failure = error
      ended = true
      return 0
    }
  }

  /// Makes bytes that were read too far the next ones.
  private func keep(_ rest: UnsafeRawBufferPointer) {
    buffer.copyMemory(from: rest)
    (start, end) = (0, rest.count)
  }

  private func note(_ block: LineBlock) {
    let (first, step) = archive.notable(from: lineCount + 1)
    for index in stride(from: first, to: block.count, by: step) {
      let (line, start) = block.line(index)
      archive.note(
        line, number: lineCount + 1 + UInt64(index), offset: byteCount + UInt64(start))
    }
  }
}
