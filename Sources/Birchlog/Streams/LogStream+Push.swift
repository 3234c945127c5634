import LogText

/// Lines that are pushed one by one.
extension LogStream {
  /// Pushed lines after which it is said that none of them has a session key.
  private static let keylessLines = 1000

  /// Takes one line; a session of events where the model learned from event numbers.
  ///
  /// - Throws: `input` for a line that cannot be read; for this one and all after it where the first
  ///   shows that what comes is no text.
  public func push(_ line: UnsafeRawBufferPointer) throws(BirchlogError) {
    if assembler.early == nil {
      assembler.early = EarlyDetector(normal: model.normal, detection: model.detection)
    }
    counts.lines += 1
    let number = UInt64(counts.lines)
    let before = counts.assigned + counts.unassigned + counts.pending
    defer {
      // A line that could not be read is accounted for too.
      if counts.assigned + counts.unassigned + counts.pending == before { counts.unassigned += 1 }
      if counts.assigned == 0, counts.unassigned >= Self.keylessLines { warnOfMissingKeys() }
      if keyless.hasNew, !saidKeyless, counts.assigned > 0 { warnOfNewKeyless() }
    }
    if counts.lines == 1 {
      refusal = InputFormat.refusal(ofStart: line, path: sources.first?.path ?? "-")
    }
    if let refusal { throw .init(refusal) }
    let line = InputReader.trimmed(line)
    sources.first?.archive?.note(line, number: number, offset: nil)
    if model.lines.miner == nil { return try push(sequence: line, number: number) }
    if !knowsFormat, line.contains(where: { $0 != 0x20 && $0 != 0x09 }) {
      knowsFormat = true
      json = try reader.jsonParser(InputFormat.recognise(line))
      if !sources.isEmpty { sources[0].isJSON = json != nil }
    }
    if json != nil, fields == nil { noteFields(line, format: .jsonLines) }
    pushedSincePoll = true
    if json == nil, joiner != nil {
      counts.pending += 1
      if let record = joiner?.push(line, number: number) { add(record) }
      return
    }
    try reader.parse(line, number: number, json: json) { record throws(BirchlogError) in
      add(record, source: 0, name: name)
    }
  }

  /// Says once, as soon as it comes, that a line without a key is like none of training.
  private func warnOfNewKeyless() {
    saidKeyless = true
    Notices.warn(keyless.sentence(onFirst: options.keyOption, known: model.lines.keylessSource))
  }

  /// Takes a record of pushed lines that is whole.
  private func add(_ joined: LineJoiner.Record) {
    counts.pending -= Int(clamping: joined.lineCount)
    joined.text.withUnsafeBytes { text in
      joined.content.withUnsafeBytes { content in
        add(
          InputReader.Record(
            text: text, content: content, key: joined.key, time: joined.time, line: joined.line,
            lineCount: joined.lineCount), source: 0, name: name)
      }
    }
  }

  /// Nothing more comes of the record at hand.
  func release() {
    if let record = joiner?.finish() { add(record) }
  }

  private func push(
    sequence line: UnsafeRawBufferPointer, number: UInt64
  ) throws(BirchlogError) {
    guard line.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
    add(
      try wrapped { () throws(LogTextError) in
        try SequenceRecord.parse(line, line: number, path: sources.first?.path ?? "the stream")
      }, source: 0)
  }
}
