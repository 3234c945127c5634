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
      if inputs.count > 1, base == nil, chosen == nil {
        edges.add(line.event, record.content ?? record.text)
      }
      assembler?.add(
        event: line.event, line: record.place, time: line.time, source: source, name: name)
      return drain(isNormal: isNormal)
    }
    let keys = options.namesSessionsByInput ? [name] : line.keys
    if let key = keys.first {
      if keysSeen.count < 3 { note(key) }
    } else {
      unassigned += count
      if isNormal {
        normalKeyless.add(record.text, lines: count, event: line.event)
      } else {
        mixedKeyless.add(record.text, lines: count, event: line.event)
      }
    }
    assembler?.add(
      event: line.event, keys: keys, line: record.place, time: line.time, source: source)
    drain(isNormal: isNormal)
  }

  /// Keeps an example for messages.
  private mutating func note(_ key: [UInt8]) {
    let name = KeylessLines.printable(key, limit: 60)
    if !keysSeen.contains(name) { keysSeen.append(name) }
  }
}
