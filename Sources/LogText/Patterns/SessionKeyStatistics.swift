import Glibc

/// What the values of an identifier show of whether they are sessions.
struct SessionKeyStatistics {
  /// Share of the sample's lines that have one.
  var coverage: Double
  var values: Int
  var meanSize: Double
  var meanKinds: Double
  /// Share of the lines with a key that the commonest value has.
  var largest: Double
  /// New values of the second half of the log, as a share of those of the first.
  var renewal: Double
  /// Median, over the values, of the share of the log between first and last line.
  var medianSpan: Double
  /// Share of the values whose kinds of lines are those of another value as well.
  var repeating: Double
  /// Share of the values with lines of more than one kind.
  var ordered: Double
  /// Bits that the order of the sessions' lines says, per line of the sample.
  var orderGain: Double

  init(_ all: SessionKeyValues, lines: Int) {
    // What an adaptive code saves depends on the order, so values that begin and end on the same lines come by their bytes.
    let list = all.values.sorted { one, other in
      let (left, right) = ((one.value.first, one.value.last), (other.value.first, other.value.last))
      return left == right ? one.key.lexicographicallyPrecedes(other.key) : left < right
    }.map(\.value)
    let kinds = list.map(\.kinds)
    let count = Double(max(list.count, 1))
    let sizes = list.map(\.order.count)
    let total = Double(sizes.reduce(0, +))
    coverage = Double(all.lines) / Double(max(lines, 1))
    values = list.count
    meanSize = total / count
    meanKinds = Double(kinds.reduce(0) { $0 + $1.count }) / count
    largest = Double(sizes.max() ?? 0) / max(total, 1)
    let early = list.count { 2 * $0.first < lines }
    renewal = Double(list.count - early) / Double(max(early, 1))
    let spans = list.map { Double($0.last - $0.first) / Double(max(lines, 1)) }.sorted()
    medianSpan = spans.isEmpty ? 0 : spans[spans.count / 2]
    var shapes: [Set<Int32>: Int] = [:]
    for shape in kinds { shapes[shape, default: 0] += 1 }
    let alike = shapes.values.reduce(0) { $0 + ($1 > 1 ? $1 : 0) }
    repeating = Double(alike) / count
    ordered = Double(kinds.count { $0.count > 1 }) / count
    orderGain = Self.orderGain(list) / Double(max(lines, 1))
  }

  /// Bits that an adaptive code saves when it tells the kinds of each session's lines, and its end, each by the line before: against telling
  /// the same sessions shuffled.
  ///
  /// What a value is about, a daemon for instance, is thus no gain, nor are lines that are all alike, nor what few lines show by chance, for
  /// all of this is left in the shuffled sessions. A kind of line counts half when it comes for the second time in a session, then a third: a
  /// daemon that does the same for one client after the other goes through many sessions.
  private static func orderGain(_ list: [SessionKeyValues.Value]) -> Double {
    var generator = Shuffler()
    var ordered = StepCode()
    var shuffled = StepCode()
    var gain = 0.0
    for value in list {
      gain += shuffled.bits(of: value.order.shuffled(using: &generator))
      gain -= ordered.bits(of: value.order)
    }
    return gain
  }
}

/// Tells sessions line by line, each by the line before, and learns as it goes.
private struct StepCode {
  private struct Step: Hashable {
    var before: Int32
    var kind: Int32
  }
  private var counts: [Step: Double] = [:]
  private var totals: [Int32: Double] = [:]
  private var kinds: Set<Int32> = [end]

  private static let beginning: Int32 = -1
  private static let end: Int32 = -2

  /// The weighted bits that the kinds of a session's lines take, which are counted.
  mutating func bits(of session: [Int32]) -> Double {
    var bits = 0.0
    var before = Self.beginning
    var occurrences: [Int32: Double] = [:]
    for kind in session + [Self.end] {
      kinds.insert(kind)
      occurrences[kind, default: 0] += 1
      let step = Step(before: before, kind: kind)
      // All kinds that were not seen behind a line share the probability of one that was.
      let seen = counts[step, default: 0] + 1 / Double(kinds.count)
      bits -= log2(seen / (totals[before, default: 0] + 1)) / (occurrences[kind] ?? 1)
      counts[step, default: 0] += 1
      totals[before, default: 0] += 1
      before = kind
    }
    return bits
  }
}

/// Arbitrary but fixed numbers (SplitMix64, Steele and others 2014).
private struct Shuffler: RandomNumberGenerator {
  private var state: UInt64 = 1

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
