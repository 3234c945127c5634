import SIMDKernels
import Testing

/// Every table of feature kernels against the plain one.
@Suite struct FeatureKernelTests {
  private static let names = ["baseline", "avx2", "avx512"]
  private static let dimensions = [1, 3, 7, 8, 16, 31, 32, 33, 64, 100, 128, 300]

  private let reference: UnsafePointer<simd_feature_ops>

  init() throws {
    reference = try #require(simd_feature_named("reference"))
  }

  /// A few numbers of a linear congruential generator, −1 to 1.
  private func numbers(_ count: Int, seed: UInt64) -> [Double] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(Int32(truncatingIfNeeded: state >> 32)) * 0x1p-31
    }
  }

  /// Rows `[weight, deviations, mean…]` with positive weights and deviations.
  private func rows(_ count: Int, _ dimension: Int, seed: UInt64) -> [Double] {
    var values = numbers(count * (dimension + 2), seed: seed)
    for row in 0..<count {
      values[row * (dimension + 2)] = 1 + abs(values[row * (dimension + 2)])
      values[row * (dimension + 2) + 1] = abs(values[row * (dimension + 2) + 1])
    }
    return values
  }

  private func nearest(
    _ ops: UnsafePointer<simd_feature_ops>, _ table: [Double], _ dimension: Int,
    rows: [Int32], rank: Int32, excluded: Int32, below start: Double = .infinity, apart: Int32 = 1
  ) -> (place: Int, rank: Double) {
    table.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return (-1, 0) }
      var best = start
      let place = withUnsafePointer(to: base) { pages in
        rows.withUnsafeBufferPointer { rows -> Int in
          guard let numbers = rows.baseAddress else { return -1 }
          var search = simd_feature_search(
            pages: pages, stride: dimension + 2, shift: 20, rank: rank, dimension: dimension,
            rows: numbers, count: rows.count, excluded: excluded, apart: apart, feature: base,
            one: 1)
          return simd_nearest_feature(ops, &search, &best)
        }
      }
      return (place, best)
    }
  }

  @Test(arguments: names, dimensions)
  func theNearestFeatureIsThatOfThePlainLoop(_ name: String, dimension: Int) {
    guard let ops = simd_feature_named(name) else { return }
    for count in [2, 5, 8, 51, 65, 200] {
      let table = rows(count, dimension, seed: UInt64(dimension * 100 + count))
      let others = (1..<Int32(count)).reversed() + [0]
      for rank in [SIMD_RANK_CENTROID, SIMD_RANK_INTER, SIMD_RANK_INTRA, SIMD_RANK_INCREASE] {
        let expected = nearest(
          reference, table, dimension, rows: Array(others), rank: rank, excluded: 0)
        for apart: Int32 in [0, 1] {
          let found = nearest(
            ops, table, dimension, rows: Array(others), rank: rank, excluded: 0, apart: apart)
          #expect(found.place == expected.place)
          #expect(abs(found.rank - expected.rank) <= 1e-12 * expected.rank)
          let below = nearest(
            ops, table, dimension, rows: Array(others), rank: rank, excluded: 0, below: found.rank,
            apart: apart)
          #expect(below == (-1, found.rank))
        }
      }
    }
  }

  @Test(arguments: names, dimensions)
  func givingRowsUpEarlyChangesNoAnswer(_ name: String, dimension: Int) {
    guard let ops = simd_feature_named(name) else { return }
    // Rows in bunches about a few places: the first numbers decide in some and mislead in others.
    var table = rows(150, dimension, seed: UInt64(dimension))
    for row in 1..<150 {
      for i in 2..<(dimension + 2) {
        let place = i < 18 ? row % 3 : row % 7
        table[row * (dimension + 2) + i] *= 0.01
        table[row * (dimension + 2) + i] += table[place * (dimension + 2) + i]
      }
    }
    let numbers = (0..<Int32(150)).map { ($0 * 37) % 150 }
    for feature in [0, 1, 2, 75, 149] {
      let start = feature * (dimension + 2)
      let asked = Array(table[start..<(start + dimension + 2)]) + table
      let rows = numbers.map { $0 + 1 }
      let excluded = Int32(feature + 1)
      for rank in [SIMD_RANK_CENTROID, SIMD_RANK_INTER, SIMD_RANK_INTRA, SIMD_RANK_INCREASE] {
        let plain = nearest(
          ops, asked, dimension, rows: rows, rank: rank, excluded: excluded, apart: 0)
        let early = nearest(
          ops, asked, dimension, rows: rows, rank: rank, excluded: excluded, apart: 1)
        #expect(early == plain)
        let expected = nearest(
          reference, asked, dimension, rows: rows, rank: rank, excluded: excluded)
        #expect(abs(early.rank - expected.rank) <= 1e-12 * expected.rank)
      }
    }
  }

  @Test(arguments: names)
  func theFirstOfEqualsIsNearest(_ name: String) {
    guard let ops = simd_feature_named(name) else { return }
    var table = rows(9, 40, seed: 3)
    for row in [4, 6] { for i in 0..<42 { table[row * 42 + i] = table[i] } }
    let order: [Int32] = [1, 2, 3, 5, 6, 4, 7, 8]
    for apart: Int32 in [0, 1] {
      let found = nearest(
        ops, table, 40, rows: order, rank: SIMD_RANK_CENTROID, excluded: -1, apart: apart)
      #expect(found == (4, 0))
      // More of them than are looked at in one go, and an equal one in front of the one measured first.
      let many = [Int32](repeating: 1, count: 100) + [6, 4, 6] + [Int32](repeating: 2, count: 100)
      let first = nearest(
        ops, table, 40, rows: many, rank: SIMD_RANK_CENTROID, excluded: -1, apart: apart)
      #expect(first == (100, 0))
    }
  }

  @Test(arguments: names, dimensions)
  func mergingAndDistanceAreThoseOfThePlainLoop(_ name: String, dimension: Int) {
    guard let ops = simd_feature_named(name) else { return }
    let table = rows(2, dimension, seed: UInt64(dimension))
    let source = Array(table[(dimension + 2)...])
    var expected = Array(table[..<(dimension + 2)])
    var merged = expected
    let left = Array(expected[2...])
    let right = Array(source[2...])
    let plain = simd_feature_distance(reference, dimension, left, right)
    #expect(abs(simd_feature_distance(ops, dimension, left, right) - plain) <= 1e-13 * plain)
    #expect(
      simd_feature_distance(ops, dimension, left, right)
        == simd_feature_distance(ops, dimension, right, left))
    let gap = simd_merge_feature(reference, dimension, &expected, source)
    #expect(abs(simd_merge_feature(ops, dimension, &merged, source) - gap) <= 1e-13 * gap)
    for (one, other) in zip(merged, expected) { #expect(abs(one - other) <= 1e-12) }
  }

  @Test(arguments: names + ["reference"], dimensions)
  func oneUnfitValueAnywhereIsSeen(_ name: String, count: Int) {
    guard let ops = simd_feature_named(name) else { return }
    let values = numbers(count, seed: 7)
    #expect(simd_within(ops, count, values, 1) == 1)
    #expect(simd_within_float(ops, count, values.map(Float.init), 1) == 1)
    for bad in [Double.nan, .infinity, -.infinity, 1.5, -1.5] {
      for place in 0..<count {
        var changed = values
        changed[place] = bad
        #expect(simd_within(ops, count, changed, 1) == 0)
        #expect(simd_within_float(ops, count, changed.map(Float.init), 1) == 0)
      }
    }
  }

  @Test(arguments: names, dimensions)
  func wideningAndCenteringAreThoseOfThePlainLoop(_ name: String, count: Int) {
    guard let ops = simd_feature_named(name) else { return }
    let values = numbers(count, seed: 8)
    let floats = values.map(Float.init)
    var wide = [Double](repeating: 0, count: count)
    simd_widen(ops, count, floats, &wide)
    #expect(wide == floats.map(Double.init))
    let origin = numbers(count, seed: 9)
    var expected = [Float](repeating: 0, count: count)
    var found = expected
    let sum = simd_center(reference, count, values, origin, 3, &expected)
    #expect(abs(simd_center(ops, count, values, origin, 3, &found) - sum) <= 1e-13 * sum)
    #expect(found == expected)
  }

  @Test(arguments: names, dimensions)
  func scoresAreThoseOfThePlainLoop(_ name: String, count: Int) {
    guard let ops = simd_feature_named(name) else { return }
    // Eighths: every score is exact, whatever the order of rounding.
    let dots = numbers(count, seed: 10).map { Float(($0 * 8).rounded() / 8) }
    let norms = numbers(count, seed: 11).map { Float(($0 * 8).rounded() / 8) }
    let least = simd_lowest_score(reference, count, dots, norms)
    #expect(simd_lowest_score(ops, count, dots, norms) == least)
    for limit in [least - 1, least, least + 0.5, 10] {
      var expected = [Int32](repeating: -1, count: 20)
      var found = expected
      let total = simd_scores_up_to(reference, count, dots, norms, limit, &expected, 20)
      #expect(simd_scores_up_to(ops, count, dots, norms, limit, &found, 20) == total)
      #expect(found == expected)
    }
    #expect(simd_lowest_score(ops, 0, dots, norms) == .infinity)
  }

  @Test(arguments: names, dimensions)
  func projectingIsThatOfThePlainLoop(_ name: String, count: Int) {
    guard let ops = simd_feature_named(name) else { return }
    let directions = Int(SIMD_DIRECTIONS)
    let values = numbers(count, seed: 12)
    let origin = numbers(count, seed: 13)
    let basis = numbers(count * directions, seed: 14)
    var expected = [Double](repeating: 0, count: directions)
    var found = expected
    let sum = simd_project(reference, count, values, origin, 3, basis, &expected)
    #expect(abs(simd_project(ops, count, values, origin, 3, basis, &found) - sum) <= 1e-13 * sum)
    for (found, expected) in zip(found, expected) {
      #expect(abs(found - expected) <= 1e-12 * Double(count))
    }
  }

  @Test(arguments: names, [1, 2, 5, 6, 7, 13])
  func lowsAreThoseOfThePlainLoop(_ name: String, points: Int) {
    guard let ops = simd_feature_named(name) else { return }
    // Quarters: every score is exact, whatever the order of rounding.
    func quarters(_ count: Int, seed: UInt64) -> [Float] {
      numbers(count, seed: seed).map { Float(($0 * 4).rounded() / 4) }
    }
    let (depth, group, runs) = (Int(SIMD_PROJECTED), Int(SIMD_GROUP), 3)
    let count = runs * Int(SIMD_RUN)
    let rows = quarters(count * depth, seed: 15)
    let norms = quarters(count, seed: 16).enumerated().map { $0 < count - 9 ? $1 : .infinity }
    let x = quarters(points * depth, seed: 17)
    var packed = [Float](repeating: 0, count: rows.count)
    for (place, value) in rows.enumerated() {
      let (row, column) = (place / depth, place % depth)
      packed[(row / group * depth + column) * group + row % group] = value
    }
    var expected = [Float](repeating: 0, count: points * runs * group)
    var lows = expected
    simd_lowest_of_runs(reference, points, x, runs, packed, norms, &expected)
    simd_lowest_of_runs(ops, points, x, runs, packed, norms, &lows)
    #expect(lows == expected)
    let place = simd_lowest_place(reference, lows.count, lows)
    #expect(lows[place] == lows.min())
    for length in [0, 1, 15, 16, 17, lows.count] {
      #expect(
        simd_lowest_place(ops, length, lows) == simd_lowest_place(reference, length, lows))
    }
    for limit in [lows[0] - 100, lows[0], lows[0] + 2] {
      var places = [Int32](repeating: -1, count: 20)
      var found = places
      let total = simd_runs_up_to(reference, x, runs, lows, rows, norms, limit, &places, 20)
      #expect(simd_runs_up_to(ops, x, runs, lows, rows, norms, limit, &found, 20) == total)
      #expect(found == places)
      // A point of its own finds what its lows say.
      #expect((0..<count).count { score(x, rows, norms, $0) <= limit } == total)
    }
  }

  private func score(_ x: [Float], _ rows: [Float], _ norms: [Float], _ row: Int) -> Float {
    let depth = Int(SIMD_PROJECTED)
    return (0..<depth).reduce(norms[row]) { $0 + x[$1] * rows[row * depth + $1] }
  }
}
