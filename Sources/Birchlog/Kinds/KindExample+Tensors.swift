extension KindExample {
  /// Values of one row of `examples.fields`: context count, tail (−2 none, −1 end, else the next
  /// event), count, kind, first line, length of the session's id.
  private static let fieldCount = 6

  /// The examples as tensors: all events in one run, its offsets, the fields, the ids.
  static func tensors(_ examples: [KindExample]) -> [StoredTensor] {
    var offsets: [Int64] = [0]
    var fields: [Int64] = []
    var sessions: [UInt8] = []
    for example in examples {
      offsets.append((offsets.last ?? 0) + Int64(example.unit.events.count))
      let tail: Int64 =
        switch example.unit.tail {
        case .none: -2
        case .end: -1
        case .event(let event): Int64(event)
        }
      fields += [
        Int64(example.unit.contextCount), tail, Int64(example.count), Int64(example.kind),
        Int64(truncatingIfNeeded: example.firstLine), Int64(example.session.count),
      ]
      sessions += example.session
    }
    let events = examples.flatMap(\.unit.events)
    return [
      StoredTensor(name: "examples.events", shape: [events.count], int32s: events),
      StoredTensor(name: "examples.offsets", shape: [offsets.count], int64s: offsets),
      StoredTensor(name: "examples.fields", shape: [examples.count, fieldCount], int64s: fields),
      StoredTensor(name: "examples.sessions", bytes: sessions),
    ]
  }

  /// Reads what ``tensors(_:)`` wrote; nil when the parts do not fit together.
  static func read(
    events: [Int32], offsets: [Int64], fields: [Int64], sessions: [UInt8], kindCount: Int
  ) -> [KindExample]? {
    let count = fields.count / fieldCount
    guard fields.count == count * fieldCount, offsets.count == count + 1, offsets.first == 0,
      offsets.last == Int64(events.count)
    else { return nil }
    var examples: [KindExample] = []
    var sessionStart = 0
    for index in 0..<count {
      let row = Array(fields[(index * fieldCount)..<((index + 1) * fieldCount)])
      guard offsets[index] <= offsets[index + 1], offsets[index] >= 0,
        offsets[index + 1] <= offsets[count],
        let sessionLength = Int(exactly: row[5]), sessionLength >= 0,
        sessionLength <= sessions.count - sessionStart, let tail = tail(row[1])
      else { return nil }
      let own = Array(events[Int(offsets[index])..<Int(offsets[index + 1])])
      guard let context = Int(exactly: row[0]), (0...own.count).contains(context),
        let number = Int(exactly: row[2]), (1...Kind.sizeLimit).contains(number),
        let kind = Int(exactly: row[3]), (0..<kindCount).contains(kind)
      else { return nil }
      examples.append(
        KindExample(
          unit: Unit(events: own, contextCount: context, tail: tail), count: number, kind: kind,
          session: Array(sessions[sessionStart..<(sessionStart + sessionLength)]),
          firstLine: UInt64(clamping: row[4])))
      sessionStart += sessionLength
    }
    return examples
  }

  private static func tail(_ value: Int64) -> Unit.Tail? {
    switch value {
    case -2: Unit.Tail.none
    case -1: .end
    default: value >= 0 ? Int32(exactly: value).map { .event($0) } : nil
    }
  }
}
