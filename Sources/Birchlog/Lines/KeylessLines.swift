/// Lines that have no session key: they belong to no session, so that no verdict speaks of them.
struct KeylessLines {
  /// What lines of one event come to.
  struct Event {
    var lines: Int
    /// The beginning of the first one.
    var example: [UInt8]
  }

  private(set) var count = 0
  /// The beginning of the first line.
  private(set) var example: [UInt8] = []
  /// What new ones say.
  private(set) var events: [Int32: Event] = [:]
  /// No event was left out for want of room.
  private(set) var isComplete = true

  /// Events that are told apart at most.
  static let eventLimit = 4_096
  /// Bytes of a line that a sentence shows.
  static let exampleLength = 120

  var hasNew: Bool { !events.isEmpty }

  /// Takes a record of so many lines; what is not new is counted only.
  mutating func add(
    _ text: UnsafeRawBufferPointer, lines: Int, event: Int32, isNew: Bool = true
  ) {
    if count == 0 { example = Self.example(text) }
    count += lines
    guard isNew else { return }
    if let place = events.index(forKey: event) {
      events.values[place].lines += lines
    } else if events.count < Self.eventLimit {
      events[event] = Event(lines: lines, example: Self.example(text))
    } else {
      isComplete = false
    }
  }

  /// The lines of both, of which these tell what is new.
  func joined(by other: Self) -> Self {
    var all = self
    all.count += other.count
    if count == 0 { all.example = other.example }
    return all
  }

  /// What is new in the lines.
  struct Novelty {
    var lines = 0
    var events = 0
    /// The beginning of a line of the most frequent one.
    var example: [UInt8] = []
  }

  /// - Parameters:
  ///   - final: the event that an event became when templates were merged.
  ///   - isKnown: whether a final event is nothing new after all.
  func novelty(
    final: (Int32) -> Int32, isKnown: (Int32) -> Bool = { _ in false }
  ) -> Novelty {
    var found: [Int32: Event] = [:]
    for (event, seen) in events.sorted(by: { $0.key < $1.key }) {
      let event = final(event)
      guard !isKnown(event) else { continue }
      found[event, default: Event(lines: 0, example: seen.example)].lines += seen.lines
    }
    let most = found.max { ($0.value.lines, $1.key) < ($1.value.lines, $0.key) }
    return Novelty(
      lines: found.values.reduce(0) { $0 + $1.lines }, events: found.count,
      example: most?.value.example ?? [])
  }

  /// A byte more than is shown tells that there is more.
  private static func example(_ text: UnsafeRawBufferPointer) -> [UInt8] {
    Array(text.prefix(exampleLength + 1))
  }

  /// The beginning of a line as it may stand in a sentence: what would break that is a blank.
  static func printable(_ bytes: some Collection<UInt8>, limit: Int = exampleLength) -> String {
    var scalars = Substring(String(decoding: bytes.prefix(limit), as: UTF8.self)).unicodeScalars
    let isCut = bytes.count > limit
    // A character that the cut parts is no character.
    if isCut, scalars.last == "\u{FFFD}" { scalars.removeLast() }
    var text = ""
    for scalar in scalars {
      let breaks =
        scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
        || (0x2028...0x2029).contains(scalar.value)
      text.unicodeScalars.append(breaks ? " " : scalar)
    }
    return isCut ? text + "…" : text
  }
}

/// The sentences that tell of them.
extension KeylessLines {
  /// Lines that say what none said before.
  ///
  /// - Parameters:
  ///   - total: all lines that were read.
  ///   - option: the one that says where the key is.
  ///   - known: what they were compared with.
  ///   - isTrained: there is a model already.
  func sentence(
    on new: Novelty, of total: Int, option: String, known: String, isTrained: Bool = true
  ) -> String {
    let part = new.lines == count ? "all" : "\(new.lines)"
    let what = new.events == 1 ? "1 template" : "\(new.events) templates"
    let subject =
      count == 1 ? "it says" : "\(part) of them (\(what)) \(new.lines == 1 ? "says" : "say")"
    return
      "\(lacking(of: total)); \(subject) what no such line said in \(known), for instance \"\(Self.printable(new.example))\". \(Self.cure(option, isTrained: isTrained))"
  }

  /// The first line that says what none said before, while more lines come.
  func sentence(onFirst option: String, known: String) -> String {
    let first = events.min { $0.key < $1.key }
    return
      "A line without a session key, of which no verdict speaks, says what no such line said in \(known): \"\(Self.printable(first?.value.example ?? []))\". Others are counted only. \(Self.cure(option, isTrained: true))"
  }

  /// A large part of the lines.
  ///
  /// - Parameter keys: a sentence with examples of keys, or nothing.
  func sentence(
    of total: Int, key: String, option: String, isTrained: Bool = true, keys: String = ""
  ) -> String {
    "\(lacking(of: total, key: " \"\(key)\"")), for instance \"\(Self.printable(example))\".\(keys) \(Self.cure(option, isTrained: isTrained))"
  }

  private func lacking(of total: Int, key: String = "") -> String {
    "\(count) of \(total) lines \(count == 1 ? "has" : "have") no session key\(key), so that no verdict speaks of \(count == 1 ? "it" : "them")"
  }

  /// How lines are judged, whatever they hold.
  private static func cure(_ option: String, isTrained: Bool) -> String {
    "To have every line judged, \(isTrained ? "train anew" : "train") with \"unit\": \"window\" in place of a key, or with a \"\(option)\" that all lines have."
  }
}
