import LogText

/// Raw lines: headers and templates are learned while they are read.
extension TrainingReader {
  /// Templates that one update adds at most.
  private static let grownTemplates = 10_000

  /// Makes the interpreter once the header is known.
  mutating func begin(header: HeaderRecogniser?) throws(BirchlogError) {
    if let base {
      interpreter = try LineInterpreter(
        model: base, learns: false, options: options,
        newTemplates: grows ? Self.grownTemplates : 1_000)
      return
    }
    let templates = try wrapped { () throws(LogTextError) in
      try options.templates.map { path throws(LogTextError) in try UserTemplates(path: path) }
        ?? UserTemplates(lines: [])
    }
    let miner = TemplateMiner(userTemplates: templates)
    interpreter = try LineInterpreter(
      model: LineModel(miner: miner, header: header), learns: true, options: options)
  }

  mutating func read(
    _ bytes: [UInt8], isNormal: Bool, progress: (Int) throws(BirchlogError) -> Void
  ) throws(BirchlogError) {
    var failure: BirchlogError?
    bytes.withUnsafeBytes { buffer in
      do throws(BirchlogError) {
        let source = LineSource(bytes: buffer, name: "lines")
        try read(
          source, format: reader.bufferFormat(of: buffer), isNormal: isNormal, progress: progress)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  mutating func interpret(
    _ record: InputReader.Record, isNormal: Bool, source: Int, name: [UInt8]
  ) {
    let count = Int(clamping: record.lineCount)
    lineCount += count
    guard let line = interpreter?.interpret(record) else {
      unassigned += count
      return
    }
    guard options.formsSessions else {
      assembler?.add(
        event: line.event, line: record.place, time: line.time, source: source, name: name)
      return drain(isNormal: isNormal)
    }
    let keys = options.gapSeconds > 0 ? [name] : line.keys
    if keys.isEmpty { unassigned += count }
    note(keys, of: record.text)
    assembler?.add(
      event: line.event, keys: keys, line: record.place, time: line.time, source: source)
    drain(isNormal: isNormal)
  }

  /// Keeps examples for messages.
  private mutating func note(_ keys: [[UInt8]], of text: UnsafeRawBufferPointer) {
    if keys.isEmpty, linesWithoutKey.isEmpty {
      linesWithoutKey.append(Self.printable(text.prefix(120)))
    } else if let key = keys.first, keysSeen.count < 3 {
      let name = key.withUnsafeBytes { Self.printable($0.prefix(60)) }
      if !keysSeen.contains(name) { keysSeen.append(name) }
    }
  }

  /// Bytes of a log in a sentence: what would break its line becomes a blank.
  private static func printable(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
    var text = ""
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      let breaks =
        scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
        || (0x2028...0x2029).contains(scalar.value)
      text.unicodeScalars.append(breaks ? " " : scalar)
    }
    return text
  }
}
