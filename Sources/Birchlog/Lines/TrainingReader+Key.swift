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

  /// What lines without a key said, to know later ones by; nil where that cannot be told.
  func keylessEvents() -> KeylessEvents? {
    guard options.needsKeys, normalKeyless.isComplete, let interpreter else { return nil }
    let hasClean = inputs.contains(where: \.isNormal)
    var known = KeylessEvents(isClean: hasClean)
    if base != nil {
      guard let earlier = base?.keyless else { return nil }
      known.events = earlier.events
      known.isClean = earlier.isClean || hasClean
    }
    known.events.formUnion(normalKeyless.events.keys.map { interpreter.finalEvent($0) })
    if !known.isClean {
      guard mixedKeyless.isComplete else { return nil }
      known.events.formUnion(mixedKeyless.events.keys.map { interpreter.finalEvent($0) })
    }
    return known.events.count <= KeylessEvents.limit ? known : nil
  }

  /// Says where lines have no session key.
  ///
  /// - Throws: `input` when none has one.
  mutating func judgeKeys() throws(BirchlogError) {
    let option = options.keyOption
    let all = mixedKeyless.joined(by: normalKeyless)
    guard unassigned < lineCount else {
      let abandoned = interpreter?.abandonedLines ?? 0
      let effort =
        abandoned > 0
        ? " On \(abandoned) lines it gave up at its match limit; write a simpler one." : ""
      let example =
        all.count > 0 ? " A line without: \"\(KeylessLines.printable(all.example))\"." : ""
      throw .input(
        "None of the \(lineCount) lines of \(names) has a session key \"\(options.key)\"; \(fields.cure(option)), or leave it out to have one looked for.\(fields.sentence)\(effort)\(example)"
      )
    }
    let new = keylessNovelty()
    if new.lines > 0 {
      let sources = [
        base == nil ? nil : "training",
        inputs.contains(where: \.isNormal) ? "the clean input" : nil,
      ]
      let known = sources.compactMap(\.self).joined(separator: " or in ")
      warnings.append(
        all.sentence(on: new, of: lineCount, option: option, known: known, isTrained: base != nil))
    } else if Double(all.count) > Self.keylessShare * Double(lineCount) {
      let keys = keysSeen.map { "\"\($0)\"" }.joined(separator: ", ")
      warnings.append(
        all.sentence(
          of: lineCount, key: options.key, option: option, isTrained: base != nil,
          keys: " Keys look like \(keys)."))
    }
  }

  /// A part of the lines without a key that is worth a warning, though nothing in them is new.
  private static let keylessShare = 0.01

  /// What lines of input that may hold anything say without a key, and no line of clean or earlier input.
  private func keylessNovelty() -> KeylessLines.Novelty {
    let hasClean = inputs.contains(where: \.isNormal)
    guard let interpreter, hasClean || base != nil, normalKeyless.isComplete else { return .init() }
    let clean = Set(normalKeyless.events.keys.map { interpreter.finalEvent($0) })
    return mixedKeyless.novelty(final: interpreter.finalEvent) {
      clean.contains($0) || base?.knowsKeyless($0) == true
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
