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
  /// Bits that the line before in the same session says of the next one, per line of the sample.
  var orderGain: Double

  init(_ all: SessionKeyValues, lines: Int) {
    let list = all.values.values.sorted { ($0.first, $0.last) < ($1.first, $1.last) }
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
    orderGain = Self.orderGain(list, kinds) / Double(max(lines, 1))
  }

  /// Bits that two adaptive codes differ by when they tell the lines of each session in order, with its end: one knows which kinds of
  /// lines the session has, the other also the line before.
  ///
  /// What a value is about, a daemon for instance, is thus no gain, nor is a value whose lines are all alike. A code that learns as it goes
  /// pays for what it has yet to learn, so that few or unlike sessions gain nothing by chance.
  private static func orderGain(
    _ list: [SessionKeyValues.Value], _ kinds: [Set<Int32>]
  ) -> Double {
    struct Context: Hashable {
      var set: Int
      var before: Int32
    }
    var numbers: [Set<Int32>: Int] = [:]
    var plain: [Context: AdaptiveCode] = [:]
    var informed: [Context: AdaptiveCode] = [:]
    var gain = 0.0
    for (value, set) in zip(list, kinds) where set.count > 1 {
      let number = numbers[set] ?? numbers.count
      numbers[set] = number
      let alphabet = set.count + 1
      var before = beginning
      for kind in value.order + [end] {
        gain +=
          plain[Context(set: number, before: beginning), default: AdaptiveCode()]
          .bits(of: kind, alphabet: alphabet)
          - informed[Context(set: number, before: before), default: AdaptiveCode()]
          .bits(of: kind, alphabet: alphabet)
        before = kind
      }
    }
    return gain
  }

  private static let beginning: Int32 = -1
  private static let end: Int32 = -2
}

/// An adaptive code for symbols of an alphabet (Krichevsky and Trofimov 1981).
private struct AdaptiveCode {
  private var counts: [Int32: Int] = [:]
  private var total = 0

  /// The bits that a symbol takes, which is counted.
  mutating func bits(of symbol: Int32, alphabet: Int) -> Double {
    let seen = Double(counts[symbol] ?? 0)
    counts[symbol, default: 0] += 1
    total += 1
    return -log2((seen + 0.5) / (Double(total - 1) + 0.5 * Double(alphabet)))
  }
}
