/// How many units of each kind hold each event, over the units that a model remembers.
struct KindShares: Sendable {
  private let shares: [[Double]]

  init(_ examples: [KindExample], kinds: Int, vocabulary: Vocabulary) {
    let width = vocabulary.knownEvents.count + 1
    var held = [[Double]](repeating: [], count: kinds)
    var totals = [Double](repeating: 0, count: kinds)
    for example in examples where held.indices.contains(example.kind) {
      if held[example.kind].isEmpty { held[example.kind] = Array(repeating: 0, count: width) }
      let count = Double(example.count)
      totals[example.kind] += count
      for (column, _) in CountProfile.occurrences(in: example.unit, vocabulary: vocabulary) {
        held[example.kind][column] += count
      }
    }
    shares = zip(held, totals).map { row, total in row.map { $0 / max(total, 1) } }
  }

  /// Share of a kind's units that hold the event of a column; nil where none is remembered.
  func share(of column: Int, in kind: Int) -> Double? {
    guard shares.indices.contains(kind), shares[kind].indices.contains(column) else { return nil }
    return shares[kind][column]
  }
}
