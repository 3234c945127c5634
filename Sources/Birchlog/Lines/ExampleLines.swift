/// The first line of each template, cut where it is long.
struct ExampleLines: Sendable {
  /// Templates of which an example is kept.
  private static let most = 65_536
  /// Bytes of an example.
  private static let length = 256

  /// Ascending.
  private var events: [Int32] = []
  /// Where each event's line ends.
  private var ends: [Int] = []
  private var bytes: [UInt8] = []

  /// Keeps the line of an event, which is later than all before it, where there is room.
  mutating func add(_ line: UnsafeRawBufferPointer, of event: Int32) {
    guard events.count < Self.most, event > events.last ?? 0 else { return }
    events.append(event)
    bytes.append(contentsOf: line.prefix(Self.length))
    ends.append(bytes.count)
  }

  /// The line of an event, or nil.
  subscript(event: Int32) -> [UInt8]? {
    var (low, high) = (0, events.count)
    while low < high {
      let middle = (low + high) / 2
      if events[middle] < event { low = middle + 1 } else { high = middle }
    }
    guard low < events.count, events[low] == event else { return nil }
    return Array(bytes[(low == 0 ? 0 : ends[low - 1])..<ends[low]])
  }
}
