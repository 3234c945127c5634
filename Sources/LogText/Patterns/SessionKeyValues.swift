/// The values of one identifier in a sample, with the lines of each.
struct SessionKeyValues {
  struct Value {
    /// The kinds of its lines, in order.
    var order: [Int32] = []
    var first: Int
    var last: Int

    var kinds: Set<Int32> { Set(order) }
  }

  var values: [[UInt8]: Value] = [:]
  /// Lines that have one.
  var lines = 0
  var longest = 0
  var detail = IdentifierShape.Detail()

  mutating func add(_ value: [UInt8], kind: Int32, line: Int, isFirst: Bool) {
    if isFirst { lines += 1 }
    longest = max(longest, min(value.count, 40))
    guard values.count < 200_000 || values[value] != nil else { return }
    // A value that stands twice on a line is on it once.
    var last = -1
    swap(&last, &values[value, default: Value(first: line, last: -1)].last)
    if last != line { values[value]?.order.append(kind) }
    values[value]?.last = line
  }

  /// Adds other values of the same identifiers; a line may have both.
  mutating func add(_ other: SessionKeyValues, mostLines: Int) {
    values.merge(other.values) { own, _ in own }
    lines = min(lines + other.lines, mostLines)
    longest = max(longest, other.longest)
  }
}
