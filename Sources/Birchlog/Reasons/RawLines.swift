import LogText

/// The lines of a unit as they stood in the log, the decisive ones marked.
struct RawLines: Sendable {
  struct Line: Sendable {
    var number: UInt64
    /// Position of the event among the unit's events; nil when one line holds the whole session.
    var position: Int?
    var isDecisive: Bool
    /// nil when the line cannot be had any more.
    var offset: UInt64?
    var text: String?
    /// What of the text became the event, without its header or the record's other fields; nil where
    /// that is all of it, or not known.
    var message: String?
  }

  /// Why texts are missing.
  enum Loss: String, Sendable {
    case ids = "the unit came as event ids"
    case forgotten = "the input cannot be read again, and its line memory no longer holds the lines"
    case noMemory = "the input cannot be read again; line_memory keeps lines of such an input"
    case unreadable = "the input could not be read again"
    case changed = "the input no longer holds the lines"
  }

  var lines: [Line]
  /// Lines that were left out because there are too many.
  var omitted: Int
  var loss: Loss?

  /// Bytes of a line that are given.
  private static let byteLimit = 2_048
  /// Bytes of a line that are read to find its message.
  private static let recordLimit = 16_384
  /// Lines that follow the first one of a record and are given.
  private static let continuationLimit: UInt64 = 31

  /// - Parameters:
  ///   - decisive: positions of the events that decided.
  ///   - limit: lines at most; the decisive ones come first, then those around them.
  init(_ finding: Finding, decisive: Set<Int>, limit: Int) {
    let located = finding.unit
    let perEvent = located.lines.count == located.unit.events.count
    var all: [Line] = []
    for (index, place) in located.lines.enumerated() {
      guard !perEvent || index >= located.unit.contextCount || located.unit.body.startIndex == 0
      else { continue }
      let isDecisive = !perEvent || decisive.contains(index)
      let last = min(LinePlace.last(place), LinePlace.first(place) + Self.continuationLimit)
      for number in LinePlace.first(place)...last {
        all.append(
          Line(
            number: number, position: perEvent ? index : nil, isDecisive: isDecisive, offset: nil,
            text: nil))
      }
    }
    let chosen = Self.choose(all, limit: limit)
    lines = chosen.map { all[$0] }
    omitted = all.count - chosen.count
    loss = all.isEmpty ? .ids : nil
    guard !lines.isEmpty else { return }
    fill(
      from: finding.input?.archive,
      parts: MessageParts(finding.model, isJSON: finding.input?.isJSON ?? false),
      first: Set(located.lines.map(LinePlace.first)))
  }

  /// - Parameter first: lines that begin a record.
  private mutating func fill(from archive: LineArchive?, parts: MessageParts, first: Set<UInt64>) {
    guard let archive, archive.path != nil || archive.memory > 0 else {
      loss = .noMemory
      return
    }
    let found: [LineArchive.Line]
    do {
      found = try archive.lines(Set(lines.map(\.number)).sorted(), limit: Self.recordLimit)
    } catch {
      loss = .unreadable
      return
    }
    let known = Dictionary(found.map { ($0.number, $0) }) { first, _ in first }
    for index in lines.indices {
      guard let line = known[lines[index].number] else {
        loss = archive.path == nil ? .forgotten : .changed
        continue
      }
      lines[index].offset = line.offset
      lines[index].text = Self.text(line.bytes)
      if first.contains(line.number) {
        lines[index].message = parts.message(of: line.bytes).map { Self.text($0) }
      }
    }
  }

  private static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.prefix(byteLimit), as: UTF8.self)
  }

  /// The places that are shown, ascending: decisive ones, and round after round their neighbours.
  private static func choose(_ all: [Line], limit: Int) -> [Int] {
    guard all.count > limit else { return Array(all.indices) }
    var order = all.indices.filter { all[$0].isDecisive }
    if order.isEmpty, !all.isEmpty { order = [0] }
    var chosen = Set<Int>()
    var reach = 0
    let seeds = order.prefix(max(1, limit))
    while chosen.count < limit, reach < all.count {
      for seed in seeds {
        for place in [seed - reach, seed + reach]
        where all.indices.contains(place) && chosen.count < limit {
          chosen.insert(place)
        }
      }
      reach += 1
    }
    return chosen.sorted()
  }
}
