/// Distinct units with multiplicity: cost follows the number of different behaviours, not the
/// volume.
public struct UnitStore: Sendable {
  /// How often something came, apart for each fold of cross-fitting.
  public typealias FoldCounts = SIMD4<Int64>

  /// Number of folds.
  public static let foldCount = FoldCounts.scalarCount

  /// A distinct unit.
  public struct Entry: Sendable {
    public var unit: Unit
    /// How often it came in input known to be normal.
    public var normal = FoldCounts()
    /// How often it came in unlabelled input.
    public var mixed = FoldCounts()
    /// The first session that showed it, and the first line there from 1 (0 when unknown).
    public var session: [UInt8]
    public var firstLine: UInt64
    /// Milliseconds since 1970 of the earliest and latest session that showed it.
    public var times: ClosedRange<Int64>?

    public var normalCount: Int { Int(normal.wrappedSum()) }
    public var mixedCount: Int { Int(mixed.wrappedSum()) }
    /// How often it came in all.
    public var count: Int { normalCount + mixedCount }
  }

  /// What bounds a store.
  struct Limit: Sendable {
    var units: Int
    /// Events of all units together.
    var events: Int

    /// What an update holds.
    static let update = Limit(units: 1 << 16, events: 1 << 22)
  }

  public private(set) var entries: [Entry] = []
  private var indexOfUnit: [Unit: Int] = [:]
  private let limit: Limit?
  private var events = 0
  /// Units are kept whose hash ends in so many zeros.
  private var level: UInt64 = 0

  public init() { limit = nil }

  /// A store that keeps a sample when there are too many different units: those whose hash falls into
  /// an ever smaller part of its range, each with its exact count (distinct sampling, Gibbons 2001).
  init(limit: Limit) { self.limit = limit }

  /// The share of different units that are kept.
  var sampledShare: Double { 1 / Double(UInt64(1) << level) }

  /// Counts a unit; returns its index, or nil when the sample leaves it out. Numbers go by first
  /// appearance.
  ///
  /// - Parameter fold: which fold of cross-fitting the unit's session belongs to.
  @discardableResult
  public mutating func add(
    _ unit: Unit, isNormal: Bool, fold: Int, session: [UInt8] = [], firstLine: UInt64 = 0,
    times: ClosedRange<Int64>? = nil
  ) -> Int? {
    let index: Int
    if level > 0, !isSampled(unit) { return nil }
    if let known = indexOfUnit[unit] {
      index = known
    } else {
      index = entries.count
      indexOfUnit[unit] = index
      entries.append(Entry(unit: unit, session: session, firstLine: firstLine))
    }
    entries[index].times = entries[index].times.widened(by: times)
    if isNormal { entries[index].normal[fold] += 1 } else { entries[index].mixed[fold] += 1 }
    if index == entries.count - 1, entries[index].count == 1 {
      events += unit.events.count
      thinOut()
    }
    return level == 0 ? index : indexOfUnit[unit]
  }

  private func isSampled(_ unit: Unit) -> Bool { unit.stableHash & ((1 << level) - 1) == 0 }

  /// Halves what is kept until it is within the limit.
  private mutating func thinOut() {
    guard let limit else { return }
    while entries.count > limit.units || events > limit.events, entries.count > 1, level < 62 {
      level += 1
      entries = entries.filter { isSampled($0.unit) }
      events = entries.reduce(0) { $0 + $1.unit.events.count }
      indexOfUnit = Dictionary(
        uniqueKeysWithValues: entries.enumerated().map { ($1.unit, $0) })
    }
  }

  /// Units of input that may hold anything.
  var mixedCount: Int { entries.reduce(0) { $0 + $1.mixedCount } }

  /// The same units with nothing said of the ends of sessions.
  func withoutEnds() -> UnitStore {
    changed { unit in if unit.tail == .end || unit.tail == .open { unit.tail = .none } }
  }

  /// The units after a change; those that then are equal become one.
  func changed(_ change: (inout Unit) -> Void) -> UnitStore {
    var store = self
    store.entries = []
    store.indexOfUnit = [:]
    for entry in entries {
      var unit = entry.unit
      change(&unit)
      if let known = store.indexOfUnit[unit] {
        store.entries[known].normal &+= entry.normal
        store.entries[known].mixed &+= entry.mixed
        store.entries[known].times = store.entries[known].times.widened(by: entry.times)
        continue
      }
      var entry = entry
      entry.unit = unit
      store.indexOfUnit[unit] = store.entries.count
      store.entries.append(entry)
    }
    return store
  }

  /// Gives events other numbers; units that are equal then become one, the first of them.
  public mutating func renumber(_ number: (Int32) -> Int32) {
    self = changed { $0.renumber(number) }
  }

  /// The fold of a session, or of a stretch of 64 units of one endless session.
  public static func fold(session: [UInt8], stretch: Int) -> Int {
    var hash = StableHash()
    hash.add(session)
    hash.add(UInt64(truncatingIfNeeded: stretch))
    return Int(truncatingIfNeeded: hash.value % UInt64(foldCount))
  }
}
