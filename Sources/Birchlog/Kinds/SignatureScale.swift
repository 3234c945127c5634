/// Weighs the columns of signatures by what the anomalous units at hand show.
///
/// Events that always come together say one thing, not several: a column is divided by the root of
/// the effective size of its group, Σ cos² with every column of its block. Then each block is
/// brought to the same mean length, times its weight. No label is looked at.
enum SignatureScale {
  /// Columns beyond this many are compared within the busiest ones only: the comparison is
  /// quadratic.
  private static let groupLimit = 1024

  /// The factors for a set of weighted raw signatures, `[dimension]`.
  ///
  /// - Parameter rows: raw values of each unit, `[units][dimension]`, and the unit's weight.
  static func factors(_ rows: [(values: [Float], weight: Double)], blocks: [SignatureSpace.Block])
    -> [Float]
  {
    let dimension = blocks.last?.range.upperBound ?? 0
    var factors = [Float](repeating: 1, count: dimension)
    guard !rows.isEmpty else { return factors }
    for block in blocks {
      let groups = groupSizes(rows, range: block.range)
      for (column, size) in zip(block.range, groups) {
        factors[column] = Float(1 / size.squareRoot())
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

  /// The effective number of columns that vary with each column, itself included: 1 for one that
  /// goes its own way.
  private static func groupSizes(
    _ rows: [(values: [Float], weight: Double)], range: Range<Int>
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
