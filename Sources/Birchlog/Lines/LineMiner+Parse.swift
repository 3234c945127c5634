import LogText

extension LineMiner {
  /// A line as JSON: event, template, parameters, and whether the line is one that was never learned; teaches nothing.
  public func parse(line: UnsafeRawBufferPointer) -> String {
    let line = InputReader.trimmed(line)
    var writer = ParsedLineWriter(miner: miner)
    let content = content(of: line)
    if Self.isBlank(line) {
      writer.writeBlank(number: nil)
    } else {
      let masked = finder?.mask(content)
      if !writer.write(content, masked: masked, number: nil) {
        writeUnseen(content, masked, number: nil, to: &writer)
      }
    }
    return ByteText.string(writer.output)
  }

  /// Parses every line of a file and hands over JSON Lines, some thousand lines at a time; teaches nothing.
  ///
  /// - Parameter take: false stops.
  /// - Throws: `io`, `input`, or `cancelled`.
  public func parse(
    file path: String, _ take: (UnsafeRawBufferPointer) -> Bool
  ) throws(BirchlogError) {
    let input = try open(path)
    let header = input.header
    let miner = miner
    let masks = masks
    var parts = input.parts
    var next: UInt64 = 1
    try Pipeline.run(
      threads: threads, next: { () throws(BirchlogError) in try parts.next() },
      work: { part in Self.parse(part, header: header, miner: miner, masks: masks) },
      take: { (parsed) throws(BirchlogError) in
        var writer = ParsedLineWriter(miner: miner)
        for line in parsed.lines { complete(line, parsed, &next, &writer) }
        guard writer.output.withUnsafeBytes({ take($0) }) else {
          throw .cancelled
        }
      })
    // Lines behind the last record belong to none.
    var writer = ParsedLineWriter(miner: miner)
    while next <= parts.lineCount {
      writer.writeBlank(number: next)
      next += 1
    }
    if !writer.output.isEmpty, !writer.output.withUnsafeBytes({ take($0) }) {
      throw .cancelled
    }
  }

  /// A part of a file, parsed as far as the trained templates go.
  private struct ParsedPart: Sendable {
    /// A line: where its JSON ends, or its content where no template takes it.
    struct Line: Sendable {
      var number: UInt64
      var end: Int
      var content: [UInt8]?
    }

    var output: [UInt8] = []
    var lines: [Line] = []
  }

  private static func parse(
    _ part: LinePart, header: HeaderRecogniser?, miner: TemplateMiner, masks: UserMasks
  ) -> ParsedPart {
    var parsed = ParsedPart()
    var writer = ParsedLineWriter(miner: miner)
    let splitter = part.isContent ? nil : try? header?.makeSplitter()
    let finder = try? masks.makeFinder()
    parsed.lines.reserveCapacity(part.count)
    part.forEachLine { line, number in
      var unknown: [UInt8]?
      if isBlank(line) {
        writer.writeBlank(number: number)
      } else {
        let content =
          splitter.map { UnsafeRawBufferPointer(rebasing: line[$0.split(line).content]) } ?? line
        let masked = finder?.mask(content)
        if !writer.write(content, masked: masked, number: number) { unknown = Array(content) }
      }
      parsed.lines.append(.init(number: number, end: writer.output.count, content: unknown))
    }
    parsed.output = writer.output
    return parsed
  }

  /// Adds a line to the output, and before it blank ones for lines that belong to no record.
  private func complete(
    _ line: ParsedPart.Line, _ parsed: ParsedPart, _ next: inout UInt64,
    _ writer: inout ParsedLineWriter
  ) {
    while next < line.number {
      writer.writeBlank(number: next)
      next += 1
    }
    next = line.number + 1
    if let content = line.content {
      content.withUnsafeBytes {
        writeUnseen($0, finder?.mask($0), number: line.number, to: &writer)
      }
    } else {
      writer.copy(parsed.output, upTo: line.end)
    }
    writer.copied = line.end
  }

  private func writeUnseen(
    _ content: UnsafeRawBufferPointer, _ masked: UserMasks.MaskedText?, number: UInt64?,
    to writer: inout ParsedLineWriter
  ) {
    var overlay = unseen ?? UnseenTemplates(after: miner)
    var event: Int32 = 0
    var parameters: [Parameter] = []
    func read(_ text: UnsafeRawBufferPointer) {
      event = overlay.event(of: text, trained: miner).id
      parameters = overlay.parameters(of: text, template: event) ?? []
    }
    if let masked { masked.bytes.withUnsafeBytes(read) } else { read(content) }
    unseen = overlay
    writer.writeUnseen(
      content, masked: masked, number: number, event: event,
      template: overlay.template(event)?.text ?? "", parameters: parameters)
  }
}
