extension KindExample {
  /// Values of one row of `examples.fields`: context count, tail, count, kind, first line, length of
  /// the session's id.
  private static let fieldCount = 6

  /// The examples as tensors: all events in one run, its offsets, the fields, the ids.
  static func tensors(_ examples: [KindExample]) -> [StoredTensor] {
    var runs = UnitRuns()
    var fields: [Int64] = []
    var sessions: [UInt8] = []
    for example in examples {
      runs.add(example.unit)
      fields += UnitRuns.fields(of: example.unit)
      fields += [
        Int64(example.count), Int64(example.kind),
        Int64(truncatingIfNeeded: example.firstLine), Int64(example.session.count),
      ]
      sessions += example.session
    }
    return runs.tensors(prefix: "examples.") + [
      StoredTensor(name: "examples.fields", shape: [examples.count, fieldCount], int64s: fields),
      StoredTensor(name: "examples.sessions", bytes: sessions),
    ]
  }

  /// Reads what ``tensors(_:)`` wrote; nil when the parts do not fit together.
  static func read(
    events: [Int32], offsets: [Int64], fields: [Int64], sessions: [UInt8], kindCount: Int
  ) -> [KindExample]? {
    let count = fields.count / fieldCount
    guard fields.count == count * fieldCount, let runs = UnitRuns(events: events, offsets: offsets),
      runs.count == count
    else { return nil }
    var examples: [KindExample] = []
    var sessionStart = 0
    for index in 0..<count {
      let row = fields[(index * fieldCount)..<((index + 1) * fieldCount)]
      let rest = Array(row.dropFirst(2))
      guard let unit = runs.unit(index, fields: row.prefix(2)),
        let sessionLength = Int(exactly: rest[3]), sessionLength >= 0,
        sessionLength <= sessions.count - sessionStart,
        let number = Int(exactly: rest[0]), (1...Kind.sizeLimit).contains(number),
        let kind = Int(exactly: rest[1]), (0..<kindCount).contains(kind)
      else { return nil }
      examples.append(
        KindExample(
          unit: unit, count: number, kind: kind,
          session: Array(sessions[sessionStart..<(sessionStart + sessionLength)]),
          firstLine: UInt64(clamping: rest[2])))
      sessionStart += sessionLength
    }
    return examples
  }
}
