extension Session {
  func write(to writer: SnapshotWriter) {
    writer.write(id)
    writer.write(source)
    writer.write(dropped)
    writer.write(offset)
    writer.write(times == nil ? 0 : 1)
    writer.write(times?.lowerBound ?? 0)
    writer.write(times?.upperBound ?? 0)
    writer.write(UInt64(events.count))
    for event in events { writer.write(Int64(event)) }
    writer.write(UInt64(lines.count))
    // Lines ascend: differences stay short.
    var last: UInt64 = 0
    for line in lines {
      writer.write(Int64(bitPattern: line &- last))
      last = line
    }
  }

  /// Reads an open session that ``write(to:)`` wrote.
  ///
  /// - Parameter eventLimit: events from here on have no number any more: they become one that no
  ///   model knows.
  init(_ reader: inout SnapshotReader, eventLimit: Int32?) throws(BirchlogError) {
    self.init(id: try reader.run(), events: [], ended: false, source: try reader.count())
    dropped = try reader.count()
    offset = try reader.count()
    let knowsTimes = try reader.unsigned() != 0
    let (earliest, latest) = (try reader.signed(), try reader.signed())
    guard earliest <= latest else { throw reader.damaged }
    times = knowsTimes ? earliest...latest : nil
    for _ in 0..<(try reader.length()) {
      let event = try reader.int32()
      guard event >= 0 else { throw reader.damaged }
      events.append(eventLimit.map { event >= $0 } ?? false ? .max : event)
    }
    var last: UInt64 = 0
    for _ in 0..<(try reader.length()) {
      last = last &+ UInt64(bitPattern: try reader.signed())
      lines.append(last)
    }
  }
}

extension OpenScore {
  func write(to writer: SnapshotWriter) {
    writer.write(surprise)
    writer.write(excess)
    writer.write(run)
    writer.write(largestRun)
    writer.write(Int64(rank))
    writer.write(isReported ? 1 : 0)
  }

  init(_ reader: inout SnapshotReader) throws(BirchlogError) {
    surprise = try reader.float()
    excess = try reader.float()
    run = try reader.double()
    largestRun = try reader.double()
    rank = try reader.int32()
    isReported = try reader.unsigned() != 0
  }
}
