import LogText

/// Finds the templates of logs, and parses lines by them; for one thread at a time.
///
/// While templates are learned, events may still be merged: ``finalEvent(_:)`` tells into which. Parsing teaches nothing.
public final class LineMiner {
  let options: Options
  let reader: InputReader
  let masks: UserMasks
  /// The masks for lines that come one by one.
  let finder: UserMasks.Finder?
  var miner: TemplateMiner
  var header: HeaderRecogniser?
  /// Templates of lines that were parsed and never learned; forgotten when more is learned.
  var unseen: UnseenTemplates?
  private var scanner = LineScanner()
  private(set) var examples = ExampleLines()
  private(set) var lineCount: UInt64 = 0
  private(set) var blankLines: UInt64 = 0

  /// A miner that has learned nothing.
  ///
  /// - Parameter options: one JSON object; only what says how lines are read counts.
  public convenience init(options: String?) throws(BirchlogError) {
    let options = try Options(json: options)
    let templates = try wrapped { () throws(LogTextError) in
      try options.templates.map { path throws(LogTextError) in try UserTemplates(path: path) }
        ?? UserTemplates(lines: [])
    }
    var header: HeaderRecogniser?
    if options.header != "auto", options.header != "none" {
      header = try wrapped { () throws(LogTextError) in
        try HeaderRecogniser(pattern: options.header)
      }
    }
    try self.init(
      options: options, miner: TemplateMiner(userTemplates: templates), header: header)
  }

  /// A miner with the templates and the header of a model.
  ///
  /// - Throws: `argument` when the model learned from event numbers.
  public convenience init(model: Model) throws(BirchlogError) {
    guard let miner = model.lines.miner else {
      throw .argument("The model learned from event numbers and has no templates of lines.")
    }
    try self.init(options: model.options, miner: miner, header: model.lines.header)
  }

  private init(
    options: Options, miner: TemplateMiner, header: HeaderRecogniser?
  ) throws(BirchlogError) {
    let masks = try wrapped { () throws(LogTextError) in try UserMasks(options.masks) }
    finder = try wrapped { () throws(LogTextError) in try masks.makeFinder() }
    self.masks = masks
    self.options = options
    self.miner = miner
    self.header = header
    reader = InputReader(options: options)
  }

  /// Threads that work on a file.
  var threads: Int { options.threads == 0 ? Threads.available : options.threads }

  /// Learns one line and returns its event; 0 for a blank line, which is none.
  public func learn(line: UnsafeRawBufferPointer) -> Int32 {
    unseen = nil
    let line = InputReader.trimmed(line)
    lineCount += 1
    guard !Self.isBlank(line) else {
      blankLines += 1
      return 0
    }
    let content = content(of: line)
    let next = miner.nextID
    let masked = finder?.mask(content)
    let event = masked?.bytes.withUnsafeBytes { miner.learn($0) } ?? miner.learn(content)
    if miner.nextID != next { examples.add(content, of: next) }
    return event
  }

  /// Learns every line of a file; its header is learned from its first lines unless the options say otherwise.
  ///
  /// - Parameter progress: is told the lines read; false stops.
  /// - Throws: `io`, `input`, or `cancelled`.
  public func learn(
    file path: String, progress: (Progress) -> Bool
  ) throws(BirchlogError) {
    unseen = nil
    let input = try open(path)
    header = input.header
    let before = lineCount
    let header = input.header
    let templates = miner.userTemplates
    let masks = masks
    let batches = SpareBatches(userTemplates: templates)
    var parts = input.parts
    try Pipeline.run(
      threads: threads, next: { () throws(BirchlogError) in try parts.next() },
      work: { part in Self.batch(part, header: header, masks: masks, into: batches.take()) },
      take: { (output) throws(BirchlogError) in
        miner.learn(output.batch) { event, index in
          keepExample(output.part.line(index), isContent: output.part.isContent, of: event)
        }
        batches.put(output.batch)
        blankLines += output.blank
        lineCount = before + output.last
        var report = Progress(.reading)
        report.step = Int(clamping: lineCount)
        guard progress(report) else { throw .cancelled }
      })
    lineCount = before + parts.lineCount
    for warning in parts.notes.warnings { Notices.warn(warning) }
  }

  /// Merges what all lines together show to be one template; to be called when no more lines come.
  public func finish() {
    miner.finish()
    unseen = nil
    guard miner.evictedTemplates > 0 else { return }
    Notices.warn(
      "More templates than the \(miner.limits.templates) that are kept: the \(miner.evictedTemplates) unused for longest were forgotten. Masks for what varies leave fewer."
    )
  }

  /// The event that an event has become.
  public func finalEvent(_ event: Int32) -> Int32 { miner.finalID(of: event) }

  /// What a part of a file teaches.
  private struct PartOutput: Sendable {
    let part: LinePart
    var batch: SkeletonBatch
    var blank: UInt64 = 0
    /// Number of the last line.
    var last: UInt64 = 0
  }

  private static func batch(
    _ part: LinePart, header: HeaderRecogniser?, masks: UserMasks, into batch: SkeletonBatch
  ) -> PartOutput {
    var output = PartOutput(part: part, batch: batch)
    let splitter = part.isContent ? nil : try? header?.makeSplitter()
    let finder = try? masks.makeFinder()
    for index in 0..<part.count {
      let line = part.line(index)
      guard !isBlank(line) else {
        output.blank += 1
        continue
      }
      let content =
        splitter.map { UnsafeRawBufferPointer(rebasing: line[$0.split(line).content]) } ?? line
      if let masked = finder?.mask(content) {
        masked.bytes.withUnsafeBytes { output.batch.add($0, number: index) }
      } else {
        output.batch.add(content, isPadded: true, number: index)
      }
    }
    if part.count > 0 { output.last = part.number(part.count - 1) }
    return output
  }

  /// Keeps the line of a part as the example of a new event, as it was learned.
  private func keepExample(_ line: UnsafeRawBufferPointer, isContent: Bool, of event: Int32) {
    let content = isContent ? line : content(of: line)
    if let masked = finder?.mask(content) {
      masked.bytes.withUnsafeBytes { examples.add($0, of: event) }
    } else {
      examples.add(content, of: event)
    }
  }

  /// A file, how to part its lines, and its parts.
  func open(_ path: String) throws(BirchlogError) -> (
    header: HeaderRecogniser?, parts: LinePartReader
  ) {
    let source = try wrapped { () throws(LogTextError) in try LineSource(path: path) }
    let format = reader.format(of: source)
    guard format != .sequences else {
      throw .input("\(path) holds event numbers, which have no templates; give it lines of text.")
    }
    let header = try reader.header(of: source, format: format)
    guard format != .text else { return (header, LinePartReader(source, records: nil)) }
    let records = try wrapped { () throws(LogTextError) in
      try TextReader(source, format: format, names: reader.fieldNames, header: header)
    }
    return (header, LinePartReader(source, records: records))
  }

  func content(of line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard let header else { return line }
    return UnsafeRawBufferPointer(rebasing: line[header.split(line).content])
  }

  static func isBlank(_ line: UnsafeRawBufferPointer) -> Bool {
    for byte in line where byte != 0x20 && byte != 0x09 { return false }
    return true
  }
}
