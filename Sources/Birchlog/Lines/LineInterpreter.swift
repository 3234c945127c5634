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
  private let finder: SessionKeyPattern.Finder?

  /// - Parameter learns: lines teach the miner of `model`.
  init(model: LineModel, learns: Bool, sessionPattern: String?) throws(BirchlogError) {
    self.model = model
    self.learns = learns
    do {
      finder = try sessionPattern.map { pattern throws(LogTextError) in
        try SessionKeyPattern(pattern).makeFinder()
      }
      unseen = model.miner.map { UnseenTemplates(after: $0) }
    } catch {
      throw .init(error)
    }
  }

  /// Whether lines carry session keys.
  var findsKeys: Bool { finder != nil }

  /// Lines on which the key's expression gave up.
  var abandonedLines: Int { Int(finder?.abandonedLines ?? 0) }

  /// Interprets a line; nil for a blank one.
  mutating func interpret(_ text: UnsafeRawBufferPointer, key: [UInt8]?, time: Int64?) -> Line? {
    guard text.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return nil }
    var content = text
    var time = time
    if let header = model.header {
      let split = header.split(text)
      content = UnsafeRawBufferPointer(rebasing: text[split.content])
      time = time ?? split.time
    }
    var keys = key.map { [$0] } ?? []
    if let finder { keys += finder.keys(in: text).map { Array(text[$0]) } }
    if learns {
      let event = model.miner?.learn(content) ?? 0
      return Line(event: event, keys: keys, time: time, isUnseen: false)
    }
    guard let miner = model.miner, let found = unseen?.event(of: content, trained: miner) else {
      return Line(event: 0, keys: keys, time: time, isUnseen: true)
    }
    return Line(event: found.id, keys: keys, time: time, isUnseen: found.isUnseen)
  }
}
