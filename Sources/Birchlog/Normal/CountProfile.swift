import Glibc

/// How often each event comes in a normal unit: what a sequence model cannot see when an event
/// comes too often, or not at all.
public struct CountProfile: Sendable, Equatable {
  /// One observed number of occurrences.
  struct Step: Sendable, Equatable {
    /// Occurrences in a unit, 1 or more.
    var count: Int32
    /// Normal units with exactly so many, and with so many or more.
    var weight: Double
    var atLeast: Double
  }

  /// Number of normal units.
  public let total: Double
  /// How fast numbers beyond the largest one thin out: as a power law of this exponent; 0 where they are
  /// not told apart.
  let tail: Double
  /// The observed counts of each known event, ascending.
  let columns: [[Step]]
  /// What ``surprisals(of:vocabulary:leavingOut:)`` says of events that do not come, `[knownEvents]`.
  private var absent: [Float] = []

  /// Added to every number of units, so that what never came keeps a finite surprisal.
  private static let smoothing = 0.5
  /// Few units do not show how often an event may come. The exponent of a heavy tail: a number that is
  /// twice the largest one is half as likely.
  static let heavyTail = 1.0

  /// The profile of units that came `count` times each.
  init(units: [(unit: Unit, count: Double)], vocabulary: Vocabulary) {
    var tables = [[Int32: Double]](repeating: [:], count: vocabulary.knownEvents.count)
    var total = 0.0
    for (unit, count) in units {
      total += count
      for (column, occurrences) in Self.occurrences(in: unit, vocabulary: vocabulary)
      where column < tables.count {
        tables[column][occurrences, default: 0] += count
      }
    }
    self.init(total: total, tables: tables)
  }

  /// This profile in another vocabulary, weighing `factor` as much, with further units.
  ///
  /// - Parameter before: the vocabulary of this profile; the other one knows all of its events.
  func grown(
    from before: Vocabulary, to vocabulary: Vocabulary, factor: Double,
    adding units: [(unit: Unit, count: Double)]
  ) -> CountProfile {
    var tables = [[Int32: Double]](repeating: [:], count: vocabulary.knownEvents.count)
    for (column, event) in before.knownEvents.enumerated() where column < columns.count {
      guard let place = vocabulary.column(of: event) else { continue }
      for step in columns[column] { tables[place][step.count] = step.weight * factor }
    }
    var total = total * factor
    for (unit, count) in units {
      total += count
      for (column, occurrences) in Self.occurrences(in: unit, vocabulary: vocabulary)
      where column < tables.count {
        tables[column][occurrences, default: 0] += count
      }
    }
    return CountProfile(total: total, tables: tables, tail: tail)
  }

  init(total: Double, tables: [[Int32: Double]], tail: Double = heavyTail) {
    self.total = total
    self.tail = tail
    columns = tables.map { table in
      var atLeast = 0.0
      let steps = table.sorted { $0.key > $1.key }.map { count, weight in
        atLeast += weight
        return Step(count: count, weight: weight, atLeast: atLeast)
      }
      return steps.reversed()
    }
    absent = columns.indices.map { surprisal($0, count: 0, own: 0) }
  }

  /// Share of normal units that hold the event of a column.
  public func share(of column: Int) -> Double {
    guard columns.indices.contains(column), total > 0 else { return 0 }
    return (columns[column].first?.atLeast ?? 0) / total
  }

  /// Shares of all columns, `[knownEvents]`.
  var shares: [Double] { columns.indices.map(share(of:)) }

  /// Largest number of occurrences of a column's event in a normal unit.
  func largestCount(of column: Int) -> Int { Int(columns[column].last?.count ?? 0) }

  /// Signed surprisal of each event's number of occurrences in a unit, in nats, `[knownEvents +
  /// 1]`: positive for too many, negative for too few. The last column stands for all events that
  /// training never saw.
  ///
  /// An excess is −ln P(count ≥ c), a lack −ln P(count ≤ c), each with half a unit added to both
  /// sides; the larger one counts. Beyond the largest number of a normal unit an excess grows with the
  /// logarithm. Nothing is too few in a unit that goes on.
  ///
  /// - Parameter leavingOut: the unit is one of the profile's own, and must not speak for itself. The
  ///   number of units stays the same, so that what nobody else shows is as surprising as in a new unit.
  func surprisals(of unit: Unit, vocabulary: Vocabulary, leavingOut: Bool = false) -> [Float] {
    let own: Double = leavingOut ? 1 : 0
    var result = leavingOut ? columns.indices.map { surprisal($0, count: 0, own: own) } : absent
    result.append(0)
    for (column, occurrences) in Self.occurrences(in: unit, vocabulary: vocabulary) {
      result[column] = surprisal(column, count: occurrences, own: own)
    }
    if unit.tail == .open { result = result.map { max($0, 0) } }
    return result
  }

  private func surprisal(_ column: Int, count: Int32, own: Double) -> Float {
    let whole = total + Self.smoothing
    guard whole > 0 else { return 0 }
    let atLeast = atLeast(column, count) - own
    let atMost = total - self.atLeast(column, count + 1) - own
    let excess =
      -log(min(max(atLeast + Self.smoothing, Self.smoothing) / whole, 1))
      + beyond(column, count: count, own: own)
    let lack = -log(min(max(atMost + Self.smoothing, Self.smoothing) / whole, 1))
    return Float(excess > lack ? excess : -lack)
  }

  /// What a number beyond the largest one of other units adds, in nats.
  private func beyond(_ column: Int, count: Int32, own: Double = 0) -> Double {
    guard tail > 0, count > 0 else { return 0 }
    var largest: Int32 = 0
    if column < columns.count {
      var index = columns[column].count - 1
      while index >= 0, columns[column][index].atLeast <= own { index -= 1 }
      if index >= 0 { largest = columns[column][index].count }
    }
    guard count > largest else { return 0 }
    return tail * log((1 + Double(count)) / (1 + Double(largest)))
  }

  /// Surprisal of an event that came `count` times or more, in nats; ``surprisals(of:vocabulary:leavingOut:)``
  /// never says less of it.
  func excess(column: Int, count: Int32) -> Float {
    let whole = total + Self.smoothing
    return Float(
      -log(min(max(atLeast(column, count) + Self.smoothing, Self.smoothing) / whole, 1))
        + beyond(column, count: count))
  }

  /// Normal units in which the column's event comes `count` times or more.
  func atLeast(_ column: Int, _ count: Int32) -> Double {
    guard count > 0 else { return total }
    guard columns.indices.contains(column) else { return 0 }
    let steps = columns[column]
    var low = 0
    var high = steps.count
    while low < high {
      let middle = (low + high) / 2
      if steps[middle].count < count { low = middle + 1 } else { high = middle }
    }
    return low < steps.count ? steps[low].atLeast : 0
  }

  /// Occurrences of each event of a unit's body by column, ascending; unknown events share the last
  /// column.
  static func occurrences(
    in unit: Unit, vocabulary: Vocabulary
  ) -> [(column: Int, count: Int32)] {
    let columns = unit.body.map { vocabulary.column(of: $0) ?? vocabulary.knownEvents.count }
      .sorted()
    var result: [(column: Int, count: Int32)] = []
    for column in columns {
      if result.last?.column == column {
        result[result.count - 1].count += 1
      } else {
        result.append((column: column, count: 1))
      }
    }
    return result
  }
}

extension CountProfile {
  /// The profile as tensors: (column, count) pairs, their weights, the total.
  func tensors(prefix: String) -> [StoredTensor] {
    let pairs = columns.enumerated().flatMap { column, steps in
      steps.flatMap { [Int32(truncatingIfNeeded: column), $0.count] }
    }
    let weights = columns.flatMap { $0.map(\.weight) }
    return [
      StoredTensor(name: prefix + "pairs", shape: [pairs.count / 2, 2], int32s: pairs),
      StoredTensor(name: prefix + "weights", shape: [weights.count], doubles: weights),
      StoredTensor(name: prefix + "total", shape: [2], doubles: [total, tail]),
    ]
  }

  /// Reads what ``tensors(prefix:)`` wrote; nil when the parts do not fit together.
  init?(pairs: [Int32], weights: [Double], total: [Double], columnCount: Int) {
    // Files that say nothing of a tail were made without one.
    guard pairs.count == 2 * weights.count, (1...2).contains(total.count), total[0] >= 0 else {
      return nil
    }
    let tail = total.count == 2 ? total[1] : 0
    guard (0...Self.heavyTail).contains(tail) else { return nil }
    var tables = [[Int32: Double]](repeating: [:], count: columnCount)
    for index in weights.indices {
      let (column, count) = (Int(pairs[2 * index]), pairs[2 * index + 1])
      guard tables.indices.contains(column), (1..<Int32.max).contains(count), weights[index] >= 0
      else { return nil }
      tables[column][count] = weights[index]
    }
    self.init(total: total[0], tables: tables, tail: tail)
  }
}
