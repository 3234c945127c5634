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

  public private(set) var entries: [Entry] = []
  private var indexOfUnit: [Unit: Int] = [:]

  public init() {}

  /// Counts a unit; returns its index. Numbers go by first appearance.
  ///
  /// - Parameter fold: which fold of cross-fitting the unit's session belongs to.
  @discardableResult
  public mutating func add(
    _ unit: Unit, isNormal: Bool, fold: Int, session: [UInt8] = [], firstLine: UInt64 = 0,
    times: ClosedRange<Int64>? = nil
  ) -> Int {
    let index: Int
    if let known = indexOfUnit[unit] {
      index = known
    } else {
      index = entries.count
      indexOfUnit[unit] = index
      entries.append(Entry(unit: unit, session: session, firstLine: firstLine))
    }
    entries[index].times = entries[index].times.widened(by: times)
    if isNormal { entries[index].normal[fold] += 1 } else { entries[index].mixed[fold] += 1 }
    return index
  }

  /// The same units with the ends of sessions left out.
  func withoutEnds() -> UnitStore {
    changed { unit in if unit.tail == .end { unit.tail = .none } }
  }

  /// The units after a change; those that then are equal become one.
  func changed(_ change: (inout Unit) -> Void) -> UnitStore {
    var store = UnitStore()
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
