import LogText

/// Files and buffers that are classified as a whole.
extension LogStream {
  /// Classifies a buffer of lines as one whole input.
  public func classify(buffer: UnsafeRawBufferPointer) throws(BirchlogError) -> [Finding] {
    try requireTemplates("A buffer of lines")
    let format = reader.bufferFormat(of: buffer)
    guard format == .text || format == .jsonLines || format == .journal else {
      throw .option(
        "Option \"format\" must be \"text\", \"jsonl\" or \"journal\" for a buffer of lines.")
    }
    let source = LineSource(bytes: buffer, name: "lines", memory: options.lineMemory)
    if !sources.isEmpty {
      sources = [
        Source(path: options.source, archive: source.archive, isJSON: format == .jsonLines)
      ]
    }
    try readText(source, format: format) { () throws(BirchlogError) in
    }
    assembler.endRun()
    flush(ended: false)
    return try poll()
  }

  /// Classifies files one after the other.
  ///
  /// - Parameter emit: takes each batch in the order in which units end; false cancels.
  public func classify(files: [String], emit: ([Finding]) -> Bool) throws(BirchlogError) {
    var empty: [String] = []
    for path in files {
      let assigned = counts.assigned
      let source = try wrapped { () throws(LogTextError) in
        try LineSource(path: path, source: sources.count, memory: options.lineMemory)
      }
      let format = reader.format(of: source)
      sources.append(
        Source(path: source.path, archive: source.archive, isJSON: format == .jsonLines))
      try read(source, format: format, emit: emit)
      assembler.endRun()
      if counts.assigned == assigned { empty.append(source.path) }
    }
    assembler.flush(ended: false)
    if assembler.readyCount > 0 { try hand(over: emit) }
    if options.isSessionFile { warn(ofEmpty: empty) }
    warnOfKeys()
  }

  /// Says which files that are sessions hold no line, as of a job that died before its first one: no finding tells of them.
  private func warn(ofEmpty files: [String]) {
    guard !files.isEmpty else { return }
    let shown = files.prefix(3).joined(separator: ", ") + (files.count > 3 ? ", …" : "")
    Notices.warn(
      files.count == 1
        ? "\(shown) holds no lines, so there is no finding on it, although each file is a session."
        : "\(files.count) files hold no lines (\(shown)), so there is no finding on them, although each file is a session."
    )
  }

  /// Says where the key or a mask found nothing in all of the files, or gave up.
  private func warnOfKeys() {
    warnOfMissingKeys()
    warnOfKeylessLines()
    if interpreter.abandonedLines > 0 {
      Notices.warn(
        "The expression of \"session\" gave up on \(interpreter.abandonedLines) lines at its match limit; write a simpler one."
      )
    }
    if interpreter.abandonedMasks > 0 {
      Notices.warn(
        "An expression of \"masks\" gave up on \(interpreter.abandonedMasks) lines at its match limit, which were read without it."
      )
    }
  }

  /// Says once that no line so far has a session key.
  func warnOfMissingKeys() {
    guard !saidKeysAreMissing, model.lines.miner != nil, options.needsKeys, counts.lines > 0,
      counts.assigned == 0, refusal == nil
    else { return }
    saidKeysAreMissing = true
    let fields = fields ?? RecordFields()
    Notices.warn(
      "None of the \(counts.lines) lines has a session key \"\(options.key)\"; \(fields.cure(options.keyOption)).\(fields.sentence)"
    )
  }

  /// Says where lines of no session are like none of training, or many more than there.
  private func warnOfKeylessLines() {
    guard keyless.count > 0, counts.assigned > 0, options.needsKeys else { return }
    if keyless.hasNew {
      Notices.warn(
        keyless.sentence(
          on: keyless.novelty(final: interpreter.finalEvent), of: counts.lines,
          option: options.keyOption, known: model.lines.keylessSource))
      return
    }
    let share = Double(keyless.count) / Double(counts.lines)
    let usual = Double(model.record.keylessLines) / Double(max(model.record.lines, 1))
    guard share > max(Self.keylessShare, 2 * usual) else { return }
    Notices.warn(
      keyless.sentence(of: counts.lines, key: options.key, option: options.keyOption))
  }

  /// A part of the lines without a key that is worth a warning, unless training met half as many.
  private static let keylessShare = 0.1

  /// Looks at the fields of the first records, for messages on the key.
  func noteFields(_ head: UnsafeRawBufferPointer, format: InputFormat) {
    guard options.needsKeys else { return }
    fields = RecordFields(head, format: format, names: reader.fieldNames, pattern: options.session)
  }

  /// Units that are classified together, unless they hold many events: the more, the more of their
  /// windows begin alike.
  private static let batch = (units: 16_384, events: 1 << 18)

  private func read(
    _ source: LineSource, format: InputFormat, emit: ([Finding]) -> Bool
  ) throws(BirchlogError) {
    guard format == .sequences else {
      try requireTemplates(source.path)
      if fields == nil, format != .text {
        noteFields(source.peek(InputFormat.recognitionLength), format: format)
      }
      return try readText(source, format: format) { () throws(BirchlogError) in
        if isBatch { try hand(over: emit) }
      }
    }
    if model.lines.miner != nil {
      throw .input(
        "\(source.path) holds event numbers, but the model learned from lines of text; give text, or a model trained on sequences."
      )
    }
    let notes = try reader.readSequences(source) { record throws(BirchlogError) in
      counts.lines += 1
      add(record, source: source.source)
      if isBatch { try hand(over: emit) }
    }
    take(notes)
  }

  /// - Parameter step: called behind each record.
  private func readText(
    _ source: LineSource, format: InputFormat, step: () throws(BirchlogError) -> Void
  ) throws(BirchlogError) {
    let name = Array(source.path.utf8)
    let notes = try reader.readText(source, format: format, header: model.lines.header) {
      record throws(BirchlogError) in
      counts.lines += Int(clamping: record.lineCount)
      add(record, source: source.source, name: name)
      try step()
    }
    take(notes)
  }

  private func take(_ notes: InputNotes) {
    counts.cutLines += notes.cutLines
    counts.lines += notes.lostLines
    counts.unassigned += notes.lostLines
    for warning in notes.warnings { Notices.warn(warning) }
  }

  private var isBatch: Bool {
    assembler.readyCount >= Self.batch.units || assembler.readyEvents >= Self.batch.events
  }

  private func hand(over emit: ([Finding]) -> Bool) throws(BirchlogError) {
    guard emit(try poll()) else { throw .cancelled }
  }

  private func requireTemplates(_ what: String) throws(BirchlogError) {
    if model.lines.miner == nil {
      throw .input(
        "\(what) cannot be read as text: the model learned from event numbers and has no templates; give sequences, or train on lines."
      )
    }
  }
}
