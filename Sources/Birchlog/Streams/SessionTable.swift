import Glibc

/// The sessions that are open while their lines interleave; bounded by count, bytes and idle time.
///
/// Sessions leave in the order of their last event: when idle for too long in log time, when the
/// table is full (the longest idle first, counted as evicted), or by a flush. None is dropped.
struct SessionTable {
  /// What bounds a table.
  struct Limits {
    var sessions: Int
    var bytes: Int
    /// Milliseconds of log time; nil when only a flush ends a session.
    var idle: Int64?
    var events: Int
  }

  /// Counts since the start.
  struct Counts {
    var opened = 0
    var ended = 0
    var evicted = 0
    var dropped = 0
  }

  private struct Slot {
    var session: Session
    var lastTime: Int64?
    /// What its events have shown so far.
    var score = OpenScore()
    var older: Int
    var newer: Int
  }

  private static let none = -1
  /// What a session costs beside its events: slot, key and dictionary entry, roughly.
  private static let fixedCost = 192
  private static let eventCost = 12

  private let limits: Limits
  private var slots: [Slot] = []
  private var free: [Int] = []
  private var slotOfKey: [SessionKey: Int] = [:]
  private var oldest = Self.none
  private var newest = Self.none
  private(set) var bytes = 0
  private(set) var counts = Counts()
  private var ended: [Session] = []
  /// The latest time of the log, and the longest that any session paused, in milliseconds.
  private var latest: Int64?
  private var longestPause: Int64 = 0

  init(limits: Limits) { self.limits = limits }

  var openCount: Int { slotOfKey.count }

  /// Adds an event to the session of a key, opening it when it is new.
  ///
  /// - Parameter time: log time in milliseconds; nil when the line shows none.
  /// - Returns: the place of the session until the next call; nil where the event was only counted.
  @discardableResult
  mutating func add(key: [UInt8], event: Int32, line: UInt64, time: Int64?, source: Int) -> Int? {
    if let time { expire(before: time) }
    let index = slot(for: key, source: source)
    unlink(index)
    watch(index, time: time)
    let isKept = slots[index].session.events.count < limits.events
    if isKept {
      slots[index].session.events.append(event)
      slots[index].session.lines.append(line)
      bytes += Self.eventCost
    } else {
      slots[index].session.dropped += 1
      counts.dropped += 1
    }
    slots[index].lastTime = time ?? slots[index].lastTime
    slots[index].session.see(time)
    link(index)
    while openCount > limits.sessions || (bytes > limits.bytes && openCount > 1) {
      counts.evicted += 1
      close(oldest, ended: false)
    }
    return isKept ? index : nil
  }

  /// Looks at the events of an open session together with what they have shown so far.
  mutating func observe(
    _ index: Int, _ look: (UnsafeBufferPointer<Int32>, inout OpenScore) -> Bool
  ) -> Bool {
    let events = slots[index].session.events
    return events.withUnsafeBufferPointer { look($0, &slots[index].score) }
  }

  /// The session of a key was called anomalous for something harmless.
  mutating func withdraw(_ key: [UInt8]) {
    if let index = slotOfKey[SessionKey(bytes: key)] { slots[index].score.withdraw() }
  }

  /// An open session as it stands.
  func session(at index: Int) -> Session { slots[index].session }

  /// Closes every session. With `ended` their ends count as evidence.
  mutating func flush(ended: Bool) {
    while oldest != Self.none { close(oldest, ended: ended) }
  }

  /// The sessions that were closed since the last call, in the order of closing.
  mutating func takeEnded() -> [Session] {
    defer { ended.removeAll(keepingCapacity: true) }
    return ended
  }

  /// Writes the open sessions, the longest idle first.
  func write(to writer: SnapshotWriter) throws(BirchlogError) {
    for count in [counts.opened, counts.ended, counts.evicted, counts.dropped, openCount] {
      writer.write(count)
    }
    writer.write(latest == nil ? 0 : 1)
    writer.write(latest ?? 0)
    writer.write(longestPause)
    var index = oldest
    while index != Self.none {
      writer.write(slots[index].lastTime == nil ? 0 : 1)
      writer.write(slots[index].lastTime ?? 0)
      slots[index].session.write(to: writer)
      slots[index].score.write(to: writer)
      try writer.flush()
      index = slots[index].newer
    }
  }

  /// Reads what ``write(to:)`` wrote into an empty table.
  ///
  /// - Parameter eventLimit: events from here on have no number any more.
  mutating func restore(
    _ reader: inout SnapshotReader, eventLimit: Int32?
  ) throws(BirchlogError) {
    let restored = Counts(
      opened: try reader.count(), ended: try reader.count(), evicted: try reader.count(),
      dropped: try reader.count())
    let openCount = try reader.count()
    let knowsLatest = try reader.unsigned() != 0
    let time = try reader.signed()
    latest = knowsLatest ? time : nil
    longestPause = try reader.signed()
    for _ in 0..<openCount {
      let knowsTime = try reader.unsigned() != 0
      let time = try reader.signed()
      let session = try Session(&reader, eventLimit: eventLimit)
      let score = try OpenScore(&reader)
      guard slotOfKey[SessionKey(bytes: session.id)] == nil else { throw reader.damaged }
      let index = slot(for: session.id, source: session.source)
      slots[index].session = session
      slots[index].lastTime = knowsTime ? time : nil
      slots[index].score = score
      bytes += Self.eventCost * session.events.count
    }
    counts = restored
  }

  private mutating func expire(before time: Int64) {
    guard let idle = limits.idle else { return }
    while oldest != Self.none, let last = slots[oldest].lastTime, time &- last > idle {
      close(oldest, ended: true)
    }
  }

  /// Learns from one more event of a session how long sessions pause.
  private mutating func watch(_ index: Int, time: Int64?) {
    guard let time else { return }
    latest = max(latest ?? time, time)
    if let last = slots[index].lastTime { longestPause = max(longestPause, time &- last) }
  }

  /// Whether an open session has not been silent for twice as long as any session paused. Without times
  /// nothing is known of its silence.
  private func mayGoOn(_ slot: Slot) -> Bool {
    guard let last = slot.lastTime, let latest else { return false }
    return latest &- last <= longestPause &* 2
  }

  private mutating func slot(for key: [UInt8], source: Int) -> Int {
    if let index = slotOfKey[SessionKey(bytes: key)] { return index }
    counts.opened += 1
    bytes += Self.fixedCost + key.count
    let slot = Slot(
      session: Session(id: key, events: [], ended: false, source: source), lastTime: nil,
      older: Self.none, newer: Self.none)
    let index: Int
    if let reused = free.popLast() {
      index = reused
      slots[index] = slot
    } else {
      index = slots.count
      slots.append(slot)
    }
    slotOfKey[SessionKey(bytes: key)] = index
    link(index)
    return index
  }

  private mutating func close(_ index: Int, ended isOver: Bool) {
    unlink(index)
    var session = slots[index].session
    session.mayGoOn = !isOver && mayGoOn(slots[index])
    slots[index].session = Session(id: [], events: [], ended: false)
    free.append(index)
    slotOfKey[SessionKey(bytes: session.id)] = nil
    bytes -= Self.fixedCost + session.id.count + Self.eventCost * session.events.count
    session.ended = isOver
    counts.ended += 1
    ended.append(session)
  }

  private mutating func link(_ index: Int) {
    slots[index].older = newest
    slots[index].newer = Self.none
    if newest != Self.none { slots[newest].newer = index } else { oldest = index }
    newest = index
  }

  private mutating func unlink(_ index: Int) {
    let (older, newer) = (slots[index].older, slots[index].newer)
    if older != Self.none { slots[older].newer = newer } else { oldest = newer }
    if newer != Self.none { slots[newer].older = older } else { newest = older }
  }
}

/// A session's key in a dictionary: hashed and compared as one run of bytes.
private struct SessionKey: Hashable {
  let bytes: [UInt8]

  static func == (left: SessionKey, right: SessionKey) -> Bool {
    left.bytes.count == right.bytes.count
      && left.bytes.withUnsafeBytes { left in
        right.bytes.withUnsafeBytes { right in
          guard let left = left.baseAddress, let other = right.baseAddress else { return true }
          return memcmp(left, other, right.count) == 0
        }
      }
  }

  func hash(into hasher: inout Hasher) {
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
  }
}
