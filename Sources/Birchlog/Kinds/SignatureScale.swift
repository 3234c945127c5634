/// Weighs the columns of signatures by what the anomalous units at hand show beside the normal ones.
///
/// What normal units show as well says nothing about a kind: a column is multiplied with the part of
/// its mean that normal units do not explain. Events that always come together say one thing, not
/// several: a column is divided by the root of the effective size of its group, Σ cos² with every
/// column of its block. Then each block is brought to the same mean length, times its weight. No
/// label is looked at.
enum SignatureScale {
  /// A unit's raw values, `[dimension]`, and its weight.
  typealias Row = (values: [Float], weight: Double)

  /// A normal mean is taken this many standard errors higher than it was seen.
  private static let margin = 2.0

  /// Columns beyond this many are compared within the busiest ones only: the comparison is
  /// quadratic.
  private static let groupLimit = 1024

  /// The factors for a set of weighted raw signatures, `[dimension]`.
  ///
  /// - Parameters:
  ///   - rows: the anomalous units.
  ///   - normal: the normal units; without any, everything counts.
  static func factors(_ rows: [Row], normal: [Row], blocks: [SignatureSpace.Block]) -> [Float] {
    let dimension = blocks.last?.range.upperBound ?? 0
    var factors = [Float](repeating: 1, count: dimension)
    guard !rows.isEmpty else { return factors }
    let unexplained = unexplainedShares(rows, normal: normal, dimension: dimension)
    for block in blocks {
      let groups = groupSizes(rows, range: block.range)
      for (column, size) in zip(block.range, groups) {
        let share = block.isDeviation ? unexplained[column] : 1
        factors[column] = Float(share / size.squareRoot())
      }
      var length = 0.0
      var total = 0.0
      for row in rows {
        var squares: Float = 0
        for column in block.range {
          let value = row.values[column] * factors[column]
          squares += value * value
        }
        length += row.weight * Double(squares.squareRoot())
        total += row.weight
      }
      guard length > 0 else { continue }
      let factor = block.weight * Float(total / length)
      for column in block.range { factors[column] *= factor }
    }
    return factors
  }

  /// The part of each column's mean size among anomalous units that is beyond the mean among normal
  /// ones, 0 to 1, `[dimension]`.
  private static func unexplainedShares(
    _ rows: [Row], normal: [Row], dimension: Int
  ) -> [Double] {
    guard !normal.isEmpty else { return [Double](repeating: 1, count: dimension) }
    let anomalous = moments(rows, dimension: dimension)
    let usual = moments(normal, dimension: dimension)
    return (0..<dimension).map { column in
      let variance = max(0, usual.squares[column] - usual.means[column] * usual.means[column])
      let expected =
        usual.means[column] + margin * (variance / max(usual.weight, 1)).squareRoot()
      let seen = anomalous.means[column]
      // What no unit at hand shows may come yet, and is explained by nothing.
      guard seen > 0 else { return expected > 0 ? 0 : 1 }
      return max(0, 1 - expected / seen)
    }
  }

  /// Weighted means of the columns' sizes and of their squares.
  private static func moments(
    _ rows: [Row], dimension: Int
  ) -> (means: [Double], squares: [Double], weight: Double) {
    var means = [Double](repeating: 0, count: dimension)
    var squares = means
    var weight = 0.0
    for row in rows {
      weight += row.weight
      for (column, value) in row.values.enumerated() where value != 0 {
        means[column] += row.weight * Double(abs(value))
        squares[column] += row.weight * Double(value) * Double(value)
      }
    }
    let scale = weight > 0 ? 1 / weight : 0
    return (means.map { $0 * scale }, squares.map { $0 * scale }, weight)
  }

  /// The effective number of columns that vary with each column, itself included: 1 for one that
  /// goes its own way.
  private static func groupSizes(
    _ rows: [Row], range: Range<Int>
  ) -> [Double] {
    var energy = [Double](repeating: 0, count: range.count)
    for row in rows {
      for (index, column) in range.enumerated() {
        energy[index] += row.weight * Double(row.values[column]) * Double(row.values[column])
      }
    }
    var busy = energy.indices.filter { energy[$0] > 0 }
    if busy.count > groupLimit {
      busy = Array(
        busy.sorted { energy[$0] != energy[$1] ? energy[$0] > energy[$1] : $0 < $1 }.prefix(
          groupLimit)
      ).sorted()
    }
    var products = [Double](repeating: 0, count: busy.count * busy.count)
    for row in rows {
      let present = busy.indices.filter { row.values[range.lowerBound + busy[$0]] != 0 }
      for first in present {
        let value = row.weight * Double(row.values[range.lowerBound + busy[first]])
        for second in present where second >= first {
          products[first * busy.count + second] +=
            value * Double(row.values[range.lowerBound + busy[second]])
        }
      }
    }
    var sizes = [Double](repeating: 1, count: range.count)
    for first in busy.indices {
      for second in busy.indices where second > first {
        let product = products[first * busy.count + second]
        let cosine = product * product / (energy[busy[first]] * energy[busy[second]])
        sizes[busy[first]] += cosine
        sizes[busy[second]] += cosine
      }
    }
    return sizes
  }
}
