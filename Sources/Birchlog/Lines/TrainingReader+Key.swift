import LogText

/// The session key: looked for where none is given, and held against the lines.
extension TrainingReader {
  /// Looks for a session key where none was given and nothing else was asked for.
  mutating func proposeKey(_ source: LineSource, format: InputFormat) {
    guard base == nil, !options.formsSessions, chosen != .window, format != .sequences else {
      return
    }
    let head = source.peek(SessionProposal.sampleBytes)
    // The inputs before this one were empty.
    let name = inputs.dropFirst(emptyNames.count).first?.name
    var found = SessionProposal(head, of: name, format: format, reader: reader)
    if !found.isFound {
      let rest = InputStretches(inputs, reader: reader)
      found = SessionProposal(agreedBy: rest, reader: reader) ?? found
    }
    proposal = found
    guard found.isFound else { return }
    options.session = found.pattern
    options.keyField = found.field
    reader = InputReader(options: options)
    unitKind = .session
  }

  /// Keeps the names of the first records' fields, for messages.
  mutating func noteFields(_ source: LineSource, format: InputFormat) {
    guard format == .jsonLines || format == .journal else { return }
    let head = source.peek(InputFormat.recognitionLength)
    var names = reader.fieldNames
    names.key = nil
    guard
      let records = try? TextReader(
        LineSource(bytes: head, name: source.path), format: format, names: names)
    else { return }
    records.keepsFields = true
    for _ in 0..<64 {
      guard let record = try? records.next(), record.lineCount > 0 else { break }
      for field in records.fields where !fieldsSeen.contains(field.name) {
        fieldsSeen.append(field.name)
      }
    }
  }

  /// Says where lines have no session key.
  ///
  /// - Throws: `input` when none has one.
  mutating func judgeKeys() throws(BirchlogError) {
    let share = Double(unassigned) / Double(max(lineCount, 1))
    let option = options.session != nil ? "session" : "session_field"
    let key = options.session ?? options.keyField ?? ""
    let example = linesWithoutKey.first.map { " A line without: \"\($0)\"." } ?? ""
    let fields =
      fieldsSeen.isEmpty
      ? "" : " The fields there are: \(fieldsSeen.prefix(32).joined(separator: ", "))."
    guard share < 1 else {
      let abandoned = interpreter?.abandonedLines ?? 0
      let effort =
        abandoned > 0
        ? " On \(abandoned) lines it gave up at its match limit; write a simpler one." : ""
      throw .input(
        "None of the \(lineCount) lines of \(names) has a session key \"\(key)\"; correct \"\(option)\", or leave it out to have one looked for.\(fields)\(effort)\(example)"
      )
    }
    if share > 0.1 {
      let keys = keysSeen.prefix(3).map { "\"\($0)\"" }.joined(separator: ", ")
      warnings.append(
        "\(unassigned) of \(lineCount) lines have no session key \"\(key)\" and were left out; check \"\(option)\". Keys look like \(keys).\(example)"
      )
    }
  }

  /// The header of the records, learned from the first lines of the input; where those are few, from
  /// the first lines of the inputs behind it too.
  func header(
    of source: LineSource, format: InputFormat
  ) throws(BirchlogError) -> HeaderRecogniser? {
    let head = Array(source.peek(HeaderSample.length))
    guard options.header == "auto", format == .text, head.count < HeaderSample.length else {
      return try reader.header(of: source, format: format)
    }
    var sample = HeaderSample.texts(of: head, format: format, names: reader.fieldNames)
    for stretch in InputStretches(inputs, reader: reader).stretches where stretch.format == format {
      guard sample.count < HeaderRecogniser.sampleSize else { break }
      let more = HeaderSample.texts(of: stretch.bytes, format: format, names: reader.fieldNames)
      sample += more.prefix(HeaderRecogniser.sampleSize - sample.count)
    }
    return sample.isEmpty ? nil : HeaderRecogniser(sample: sample)
  }
}

extension HeaderSample {
  /// The same for bytes in an array.
  fileprivate static func texts(
    of head: [UInt8], format: InputFormat, names: FieldNames
  ) -> [[UInt8]] {
    head.withUnsafeBytes { texts(of: $0, format: format, names: names) }
  }
}
