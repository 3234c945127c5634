/// The assignment of rows to columns with the least total cost.
///
/// `cost` is `[rows][columns]`, any shape. As many pairs as possible are made: one for every row or
/// for every column, whichever are fewer. A cell that is not finite, or beyond the end of a short
/// row, is a forbidden pair; where only forbidden pairs are left a row stays without one. Returns the
/// column of every row, `nil` for a row without one.
///
/// Shortest augmenting paths with potentials (Jonker & Volgenant 1987, without its initialisation):
/// O(least² × greatest) for the lesser and the greater of the two numbers.
public func optimalAssignment(cost: [[Double]]) -> [Int?] {
  let rows = cost.count
  let columns = cost.map(\.count).max() ?? 0
  guard rows > 0, columns > 0 else { return [Int?](repeating: nil, count: rows) }
  let isWide = rows <= columns
  let few = min(rows, columns)
  let many = max(rows, columns)

  var lowest = Double.infinity
  var highest = -Double.infinity
  for value in cost.joined() where value.isFinite {
    lowest = min(lowest, value)
    highest = max(highest, value)
  }
  var assignment = [Int?](repeating: nil, count: rows)
  guard lowest <= highest else { return assignment }
  // Costs are scaled into 0...1, so that one forbidden pair outweighs every sum of allowed ones
  // without losing their digits to its size.
  let forbidden = Double(few) + 1
  let span = highest / 2 - lowest / 2
  func cell(_ first: Int, _ second: Int) -> Double {
    let (row, column) = isWide ? (first, second) : (second, first)
    guard column < cost[row].count, cost[row][column].isFinite else { return forbidden }
    return span > 0 ? (cost[row][column] / 2 - lowest / 2) / span : 0
  }

  for (second, first) in assign(few, many, cell).enumerated() {
    guard let first, cell(first, second) < forbidden else { continue }
    if isWide { assignment[first] = second } else { assignment[second] = first }
  }
  return assignment
}

/// For every one of `many` columns, which of the `few` rows is assigned to it.
private func assign(_ few: Int, _ many: Int, _ cell: (Int, Int) -> Double) -> [Int?] {
  var rowPotential = [Double](repeating: 0, count: few)
  var columnPotential = [Double](repeating: 0, count: many)
  var owner = [Int?](repeating: nil, count: many)
  for start in 0..<few {
    var distance = [Double](repeating: .infinity, count: many)
    var predecessor = [Int?](repeating: nil, count: many)
    var isDone = [Bool](repeating: false, count: many)
    var row = start
    var last: Int?
    // Grow a shortest-path tree from `start` until it reaches a free column.
    while true {
      let base = last.map { distance[$0] } ?? 0
      var next: Int?
      for column in 0..<many where !isDone[column] {
        let reduced = base + cell(row, column) - rowPotential[row] - columnPotential[column]
        if reduced < distance[column] {
          distance[column] = reduced
          predecessor[column] = last
        }
        if let best = next, distance[best] <= distance[column] { continue }
        next = column
      }
      guard let column = next else { break }
      isDone[column] = true
      last = column
      guard let taken = owner[column] else { break }
      row = taken
    }
    guard let end = last else { continue }
    // New potentials keep reduced costs non-negative.
    rowPotential[start] += distance[end]
    for column in 0..<many where isDone[column] && column != end {
      let slack = distance[end] - distance[column]
      columnPotential[column] -= slack
      if let taken = owner[column] { rowPotential[taken] += slack }
    }
    // Turn the path around.
    var column = end
    while let previous = predecessor[column] {
      owner[column] = owner[previous]
      column = previous
    }
    owner[column] = start
  }
  return owner
}
