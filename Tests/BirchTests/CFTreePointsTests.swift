import Testing

@testable import Birch

@Suite struct CFTreePointsTests {
  private func floats(_ points: [[Double]]) -> [Float] { points.flatMap { $0.map(Float.init) } }

  @Test func singlePrecisionIsTakenAsItIs() throws {
    var maker = PointMaker(seed: 41)
    let single = floats(maker.points(500, dimension: 5))
    let weights = (0..<500).map { 1 + Double($0 % 3) }
    var left = try CFTree(dimension: 5)
    try single.withUnsafeBufferPointer { rows in
      try weights.withUnsafeBufferPointer { try left.insert(rows: rows, weights: $0) }
    }
    var right = try CFTree(dimension: 5)
    try single.map(Double.init).withUnsafeBufferPointer { rows in
      try weights.withUnsafeBufferPointer { try right.insert(rows: rows, weights: $0) }
    }
    #expect(left.serialised() == right.serialised())
    #expect(isClose(left.total.count, weights.reduce(0, +)))
  }

  @Test func partialFitsEqualOneFit() throws {
    var maker = PointMaker(seed: 42)
    let single = floats(maker.points(3000, dimension: 4))
    var options = CFTreeOptions()
    options.memoryBudget = 40_000
    var whole = try CFTree(dimension: 4, options: options)
    try single.withUnsafeBufferPointer { try whole.insert(rows: $0) }
    var parts = try CFTree(dimension: 4, options: options)
    for start in stride(from: 0, to: single.count, by: 700 * 4) {
      let part = Array(single[start..<min(single.count, start + 700 * 4)])
      try part.withUnsafeBufferPointer { try parts.insert(rows: $0) }
      // Stored and restored on the way.
      parts = try CFTree(serialised: parts.serialised())
    }
    whole.finish()
    parts.finish()
    #expect(whole.statistics.rebuilds > 0)
    #expect(whole.serialised() == parts.serialised())
  }

  @Test func oneUnfitValueLeavesTheTreeAsItWas() throws {
    var tree = try CFTree(dimension: 2)
    try tree.insert([1, 2])
    let before = tree.serialised()
    for bad in [Float.nan, .infinity, -.infinity] {
      #expect(throws: BirchError.valueOutOfRange(column: 1)) {
        try [0, 1, 2, bad].withUnsafeBufferPointer { try tree.insert(rows: $0) }
      }
    }
    #expect(throws: BirchError.self) {
      try [Float(0), 1, 2].withUnsafeBufferPointer { try tree.insert(rows: $0) }
    }
    #expect(throws: BirchError.self) {
      try [Float(0), 1].withUnsafeBufferPointer { rows in
        try [0.0].withUnsafeBufferPointer { try tree.insert(rows: rows, weights: $0) }
      }
    }
    #expect(throws: BirchError.self) {
      try [Float(0), 1].withUnsafeBufferPointer { rows in
        try [1.0, 1].withUnsafeBufferPointer { try tree.insert(rows: rows, weights: $0) }
      }
    }
    try [Float]().withUnsafeBufferPointer { try tree.insert(rows: $0) }
    #expect(tree.serialised() == before)
  }

  @Test func whatIsOneHalfLifeOldWeighsHalf() throws {
    var maker = PointMaker(seed: 43)
    let points = maker.points(1000, dimension: 3)
    let grown = try tree(of: points) { $0.halfLife = 100 }
    // The weights as they are by definition: the last point has aged by one insertion.
    let weights = points.indices.map { pow2(-Double(points.count - $0) / 100) }
    let expected = try feature(of: points, weights: weights)
    #expect(isClose(grown.total, expected, relative: 1e-9))
    #expect(grown.statistics.points == 1000)
    let restored = try CFTree(serialised: grown.serialised())
    #expect(restored.serialised() == grown.serialised())
    #expect(isClose(restored.total, expected, relative: 1e-9))
  }

  private func pow2(_ exponent: Double) -> Double {
    let whole = exponent.rounded(.down)
    // 2^fraction by halving the exponent into small roots.
    var root = 2.0
    var result = 1.0
    var left = exponent - whole
    for _ in 0..<60 {
      root = root.squareRoot()
      left *= 2
      if left >= 1 {
        result *= root
        left -= 1
      }
    }
    return result * Double(sign: .plus, exponent: Int(whole), significand: 1)
  }

  @Test func ageingGoesOnForEver() throws {
    var aged = try tree(of: [[0, 0], [8, 0]]) { $0.threshold = 1 }
    for _ in 0..<400 {
      try aged.age(by: 1e-3)
      try aged.insert([8, 0])
    }
    aged.finish()
    let entries = aged.leafEntries
    #expect(entries.count == 2)
    #expect(entries[0].count >= BirchLimits.weight.lowerBound && entries[0].count < 1e-40)
    #expect(isClose(entries[1].count, 1 / (1 - 1e-3), relative: 1e-6))
    // A diameter criterion sees the aged weights too.
    var diameter = try tree(of: [[0], [1]]) {
      $0.threshold = 1.2
      $0.absorption = .diameter
      $0.halfLife = 1
    }
    try diameter.age(by: 0.25)
    try diameter.insert([0.5])
    #expect(diameter.total.count.isFinite)
  }

  @Test func mergingTreesOfDifferentAgeAddsTheirPresentWeights() throws {
    var old = try tree(of: [[0, 0], [0, 0]]) { $0.threshold = 1 }
    try old.age(by: 0.25)
    var fresh = try tree(of: [[5, 5]]) { $0.threshold = 1 }
    try fresh.merge(old)
    #expect(isClose(fresh.total.count, 1.5))
    try old.merge(try tree(of: [[5, 5]]) { $0.threshold = 1 })
    #expect(isClose(old.total.count, 1.5))
    #expect(old.leafEntries.map(\.count) == [0.5, 1])
  }
}
