/// How inputs begin and end: files that are one run each, jobs for instance, are alike there, and pieces of one log are not.
struct InputEdges {
  private struct Edge {
    var event: Int32
    var text: [UInt8]
  }

  private var counts: [Int32: Int] = [:]
  private var first: Edge?
  private var lastEvent: Int32?
  /// The text of the last line, in a buffer that stays: an event changes on most lines.
  private var lastText = [UInt8](repeating: 0, count: textLimit)
  private var lastLength = 0
  private var beginnings: [Edge] = []
  private var ends: [Edge] = []

  /// Inputs at least, and the share of them that must begin and end alike.
  private static let inputs = 3
  /// Bytes of a line that are kept.
  private static let textLimit = 256
  private static let alike = (beginnings: 0.8, ends: 0.5)
  /// How often what is at an edge may come in all, for each input: what comes elsewhere too is there by chance.
  private static let occurrences = 1.5

  /// Adds a line's event.
  mutating func add(_ event: Int32, _ text: UnsafeRawBufferPointer) {
    counts[event, default: 0] += 1
    let text = UnsafeRawBufferPointer(rebasing: text.prefix(Self.textLimit))
    if first == nil { first = Edge(event: event, text: Array(text)) }
    guard lastEvent != event else { return }
    lastEvent = event
    lastLength = text.count
    lastText.withUnsafeMutableBytes { $0.copyMemory(from: text) }
  }

  /// The input at hand ends.
  mutating func endInput() {
    if let first, let lastEvent {
      beginnings.append(first)
      ends.append(Edge(event: lastEvent, text: Array(lastText.prefix(lastLength))))
    }
    (first, lastEvent) = (nil, nil)
  }

  /// What to tell a user whose files look like one session each; nil where they do not.
  ///
  /// - Parameter final: what events became when templates were merged.
  func hint(final: (Int32) -> Int32) -> String? {
    guard beginnings.count >= Self.inputs else { return nil }
    var merged: [Int32: Int] = [:]
    for (event, count) in counts { merged[final(event), default: 0] += count }
    guard let begin = Self.commonest(beginnings, share: Self.alike.beginnings, merged, final),
      let end = Self.commonest(ends, share: Self.alike.ends, merged, final)
    else { return nil }
    return
      "\(begin.count) of the \(beginnings.count) files begin alike (\"\(begin.example)\") and \(end.count) end alike (\"\(end.example)\"), as if each were a session; \"unit\": \"file\" makes it one. As windows, beginnings and ends are alarms."
  }

  private static func commonest(
    _ edges: [Edge], share: Double, _ counts: [Int32: Int], _ final: (Int32) -> Int32
  ) -> (count: Int, example: String)? {
    let groups = Dictionary(grouping: edges) { final($0.event) }
    guard let best = groups.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) }),
      let edge = best.value.first, Double(best.value.count) >= share * Double(edges.count),
      Double(counts[best.key] ?? 0) <= occurrences * Double(edges.count)
    else { return nil }
    return (best.value.count, KeylessLines.printable(edge.text, limit: 60))
  }
}
