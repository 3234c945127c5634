import Testing

@testable import Birch

@Suite struct OptimalAssignmentTests {
  /// The least cost of matching as many pairs as possible, by trying everything.
  private func leastCost(_ cost: [[Double]]) -> (pairs: Int, cost: Double) {
    func search(_ row: Int, _ used: Set<Int>) -> (pairs: Int, cost: Double) {
      guard row < cost.count else { return (0, 0) }
      var best = search(row + 1, used)
      for column in cost[row].indices where !used.contains(column) && cost[row][column].isFinite {
        let rest = search(row + 1, used.union([column]))
        let candidate = (pairs: rest.pairs + 1, cost: rest.cost + cost[row][column])
        if candidate.pairs > best.pairs
          || (candidate.pairs == best.pairs && candidate.cost < best.cost)
        {
          best = candidate
        }
      }
      return best
    }
    return search(0, [])
  }

  private func check(_ cost: [[Double]]) {
    let assignment = optimalAssignment(cost: cost)
    #expect(assignment.count == cost.count)
    let columns = assignment.compactMap { $0 }
    #expect(Set(columns).count == columns.count)
    var sum = 0.0
    for (row, column) in zip(cost, assignment) {
      if let column { sum += row[column] }
    }
    let best = leastCost(cost)
    #expect(columns.count == best.pairs)
    #expect(abs(sum - best.cost) < 1e-9)
  }

  @Test func costsNoMoreThanAnyOtherAssignment() {
    var maker = PointMaker(seed: 60)
    for (rows, columns) in [(1, 1), (2, 2), (4, 4), (6, 6), (3, 6), (6, 3), (1, 5), (5, 1)] {
      for _ in 0..<25 {
        check(maker.points(rows, dimension: columns, spread: 10))
        // Many ties.
        check(maker.points(rows, dimension: columns).map { $0.map { $0.rounded() } })
      }
    }
  }

  @Test func forbiddenPairsAreNeverMade() {
    var maker = PointMaker(seed: 61)
    for round in 0..<100 {
      let cost = maker.points(4, dimension: 5).map { row in
        row.map { maker.uniform() < 0.1 * Double(round % 10) ? Double.infinity : $0 }
      }
      check(cost)
    }
    #expect(optimalAssignment(cost: [[.infinity, .nan], [.infinity, 1]]) == [nil, 1])
  }

  @Test func emptyAndRaggedTablesAreDefined() {
    #expect(optimalAssignment(cost: []) == [])
    #expect(optimalAssignment(cost: [[], []]) == [nil, nil])
    #expect(optimalAssignment(cost: [[1, 2], [0]]) == [1, 0])
    #expect(optimalAssignment(cost: [[-1e308, 1e308], [1e308, -1e308]]) == [0, 1])
  }
}
