import LogText

/// Turns lines into events and session keys, for one thread.
///
/// While it learns, every line teaches the miner. Frozen, a line that no trained template takes
/// gets an event of its own, above the trained ones, from a small store that belongs to this
/// interpreter.
struct LineInterpreter {
  /// What a line says.
  struct Line {
    var event: Int32
    var keys: [[UInt8]]
    /// Milliseconds since 1970; nil where the line shows no time.
    var time: Int64?
    /// No trained template took the line.
    var isUnseen: Bool
  }

  private(set) var model: LineModel
  private let learns: Bool
  private var unseen: UnseenTemplates?
  /// Parts the headers of lines that come one by one.
  let splitter: HeaderRecogniser.Splitter?
  private let finder: SessionKeyPattern.Finder?
  private let masks: UserMasks.Finder?

  /// - Parameters:
  ///   - learns: lines teach the miner of `model`.
  ///   - options: session key and masks.
  ///   - newTemplates: templates of lines that no trained one takes that are kept at most.
  init(
    model: LineModel, learns: Bool, options: Options, newTemplates: Int = 1_000
  ) throws(BirchlogError) {
    self.model = model
    self.learns = learns
    do {
      finder = try options.session.map { pattern throws(LogTextError) in
        try SessionKeyPattern(pattern).makeFinder()
      }
      unseen = model.miner.map { UnseenTemplates(after: $0, templates: newTemplates) }
      // Where the key is a field of JSON the header has no part of that name.
      if let keyed = try? model.header?.makeSplitter(field: options.keyField) {
        splitter = keyed
      } else {
        splitter = try model.header?.makeSplitter()
      }
      masks = try UserMasks(options.masks).makeFinder()
    } catch {
      throw .init(error)
    }
  }

  /// The templates of lines that no trained one takes, as text; nil where there are none.
  var newTemplates: String? {
    guard let state = unseen?.state, state.nextID > model.miner?.nextID ?? 0 else { return nil }
    return state.stored.text
  }

  /// The lowest event that no trained template gives; nil where events came as numbers.
  var firstNewEvent: Int32? { model.miner?.nextID }

  /// The template of such an event; nil when it is forgotten.
  func newTemplate(of event: Int32) -> Template? { unseen?.template(event) }

  /// Goes on from what ``newTemplates`` gave; false when it is none of this model.
  mutating func restore(newTemplates text: String) -> Bool {
    guard var overlay = unseen, let json = try? JSONValue(parsing: text),
      let state = TemplateMiner.State(stored: json),
      state.templates.allSatisfy({ $0.id >= model.miner?.nextID ?? 0 }),
      (try? overlay.restore(state)) != nil
    else { return false }
    unseen = overlay
    return true
  }

  /// Training met records of several lines: a stream waits for the rest of such a record.
  mutating func sawJoinedRecords() { model.joinsLines = true }

  /// Settles the templates when no more lines come; events then change as ``finalEvent(_:)`` says.
  mutating func finishLearning() {
    if learns { model.miner?.finish() } else { unseen?.finish() }
  }

  /// The event that an event became when templates were merged.
  func finalEvent(_ event: Int32) -> Int32 {
    let own = model.miner?.finalID(of: event) ?? event
    return learns ? own : unseen?.finalID(of: own) ?? own
  }

  /// The model with the templates of lines that no trained one took.
  func grownModel() throws(BirchlogError) -> LineModel {
    guard let unseen, let miner = model.miner else { return model }
    var grown = model
    grown.miner = try wrapped { () throws(LogTextError) in try miner.adding(unseen) }
    return grown
  }

  /// Whether lines carry session keys.
  var findsKeys: Bool { finder != nil }

  /// Lines on which the key's expression gave up.
  var abandonedLines: Int { Int(finder?.abandonedLines ?? 0) }

  /// Lines on which an expression of a mask gave up.
  var abandonedMasks: Int { masks?.abandonedLines ?? 0 }

  /// Interprets a record; nil for a blank one.
  mutating func interpret(_ record: InputReader.Record) -> Line? {
    let text = record.text
    guard text.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return nil }
    var content = record.content ?? text
    var time = record.time
    var key = record.key
    if record.content == nil, let splitter {
      let split = splitter.split(text)
      content = UnsafeRawBufferPointer(rebasing: text[split.content])
      time = time ?? split.time
      key = key ?? split.field.map { Array(text[$0]) }
    }
    var keys = key.map { [$0] } ?? []
    if let finder { keys += finder.keys(in: text).map { Array(text[$0]) } }
    let found = event(of: content, withoutKeys: keys)
    return Line(event: found.id, keys: keys, time: time, isUnseen: found.isUnseen)
  }

  /// The event of a line's content. A session key is a value whatever it looks like, so a number
  /// stands in for it: else a key of letters would give each session templates of its own.
  private mutating func event(
    of content: UnsafeRawBufferPointer, withoutKeys keys: [[UInt8]]
  ) -> (id: Int32, isUnseen: Bool) {
    guard !keys.isEmpty else { return event(of: content) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(content.count)
    var index = 0
    while index < content.count {
      if index == 0 || !Self.isWord(content[index - 1]),
        let key = keys.first(where: { Self.stands($0, at: index, in: content) })
      {
        bytes.append(UInt8(ascii: "0"))
        index += key.count
      } else {
        bytes.append(content[index])
        index += 1
      }
    }
    var found: (id: Int32, isUnseen: Bool) = (0, true)
    bytes.withUnsafeBytes { found = event(of: $0) }
    return found
  }

  private mutating func event(of content: UnsafeRawBufferPointer) -> (id: Int32, isUnseen: Bool) {
    guard let masked = masks?.mask(content) else { return minedEvent(of: content) }
    var found: (id: Int32, isUnseen: Bool) = (0, true)
    masked.bytes.withUnsafeBytes { found = minedEvent(of: $0) }
    return found
  }

  private mutating func minedEvent(
    of content: UnsafeRawBufferPointer
  ) -> (id: Int32, isUnseen: Bool) {
    if learns { return (model.miner?.learn(content) ?? 0, false) }
    guard let miner = model.miner, let found = unseen?.event(of: content, trained: miner) else {
      return (0, true)
    }
    return found
  }

  /// Whether a key stands at a place of a text as a word of its own.
  private static func stands(
    _ key: [UInt8], at start: Int, in text: UnsafeRawBufferPointer
  ) -> Bool {
    let end = start + key.count
    guard !key.isEmpty, end <= text.count, end == text.count || !isWord(text[end]) else {
      return false
    }
    return text[start..<end].elementsEqual(key)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f: true
    default: false
    }
  }
}
