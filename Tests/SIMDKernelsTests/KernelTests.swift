import SIMDKernels
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Every instruction set of this machine against the plain reference.
@Suite struct KernelTests {
  private var paths: [UnsafePointer<simd_ops>] {
    ["baseline", "avx2", "avx512", "avx512vnni", "avx512bf16"].compactMap { (name: String) in
      simd_named(name)
    }
  }

  private func random(_ count: Int, scale: Float = 1, seed: UInt64 = 1) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Float(state >> 40) / Float(1 << 24) * 2 - 1) * scale
    }
  }

  private func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).reduce(0) { ($1.0 - $1.1).isNaN ? .infinity : max($0, abs($1.0 - $1.1)) }
  }

  @Test func namesThatDoNotExistGiveNoTable() {
    #expect(simd_named("avx1024") == nil)
    #expect(simd_named("baseline") != nil)
    #expect(String(cString: simd_best().pointee.name) != "reference")
  }

  @Test func everyPathMultipliesLikeTheDefinition() {
    for ops in paths {
      for (rows, columns, depth) in [(1, 1, 1), (6, 64, 16), (7, 65, 33), (13, 130, 50), (3, 5, 0)]
      {
        for transposed in [false, true] {
          for accumulate in [false, true] {
            let (a, b, c) = (
              random(rows * depth), random(depth * columns, seed: 2),
              random(rows * columns, seed: 3)
            )
            let expected = (0..<rows * columns).map { index in
              let (row, column) = (index / columns, index % columns)
              return (0..<depth).reduce(accumulate ? Double(c[index]) : 0) {
                $0 + Double(a[transposed ? $1 * rows + row : row * depth + $1])
                  * Double(b[$1 * columns + column])
              }
            }
            let result = multiply(
              ops, rows, columns, depth, a, transposed: transposed, b, c, accumulate: accumulate)
            #expect(largestDifference(result, expected.map { Float($0) }) < 1e-5)
          }
        }
      }
    }
  }

  private func multiply(
    _ ops: UnsafePointer<simd_ops>, _ rows: Int, _ columns: Int, _ depth: Int, _ a: [Float],
    transposed: Bool, _ b: [Float], _ c: [Float], accumulate: Bool
  ) -> [Float] {
    var packed = [Float](repeating: .nan, count: simd_packed_count(ops, depth, columns))
    simd_pack(ops, depth, columns, b, columns, 1, &packed)
    var result = c
    result.withUnsafeMutableBufferPointer { target in
      a.withUnsafeBufferPointer { a in
        packed.withUnsafeBufferPointer { packed in
          var product = simd_product(
            rows: rows, columns: columns, depth: depth, a: a.baseAddress,
            a_row: transposed ? 1 : depth, a_column: transposed ? rows : 1, depth_block: depth,
            a_block: 0, b: packed.baseAddress, c: target.baseAddress, c_row: columns,
            accumulate: accumulate ? 1 : 0)
          simd_multiply(ops, &product)
        }
      }
    }
    return result
  }

  @Test func packingATransposeEqualsPackingTheMatrix() {
    for ops in paths {
      let b = random(9 * 70)
      let transposed = (0..<70).flatMap { column in (0..<9).map { row in b[row * 70 + column] } }
      let count = simd_packed_count(ops, 9, 70)
      var (one, other) = (
        [Float](repeating: .nan, count: count), [Float](repeating: .nan, count: count)
      )
      simd_pack(ops, 9, 70, b, 70, 1, &one)
      simd_pack(ops, 9, 70, transposed, 1, 9, &other)
      #expect(one == other)
    }
  }

  @Test func elementaryFunctionsKeepTheirStatedAccuracy() {
    let x = (-2000...2000).map { Float($0) * 0.0217 } + [0, -0.0, 1e-8, -1e-30, 0.6249, 0.6251]
    for ops in paths {
      var y = x
      simd_exp(ops, x.count, x, &y)
      for (x, y) in zip(x, y) where abs(x) < 87 {
        #expect(abs(Double(y) / exp(Double(x)) - 1) < 2.4e-7)
      }
      simd_tanh(ops, x.count, x, &y)
      for (x, y) in zip(x, y) {
        let error = abs(Double(y) - tanh(Double(x)))
        #expect(error < 3.6e-7 && error <= 5e-7 * abs(tanh(Double(x))) && abs(y) <= 1)
      }
      simd_sigmoid(ops, x.count, x, &y)
      for (x, y) in zip(x, y) {
        #expect(abs(Double(y) - 1 / (1 + exp(-Double(x)))) < 2e-7 && y >= 0 && y <= 1)
      }
    }
  }

  @Test func elementaryFunctionsStayFiniteAtTheEndsAndKeepNaN() {
    let x: [Float] = [-.infinity, -1000, 1000, .infinity, .nan]
    for ops in paths {
      var y = x
      simd_exp(ops, 5, x, &y)
      #expect(y[0] < 1.3e-38 && y[1] < 1.3e-38 && y[2].isFinite && y[3].isFinite && y[4].isNaN)
      simd_tanh(ops, 5, x, &y)
      #expect(Array(y[0...3]) == [-1, -1, 1, 1] && y[4].isNaN)
      simd_sigmoid(ops, 5, x, &y)
      #expect(y[0] < 1e-37 && y[2] == 1 && y[3] == 1 && y[4].isNaN)
    }
  }

  @Test func logSoftmaxOfEachRowMatchesTheReference() throws {
    let reference = try #require(simd_named("reference"))
    for ops in paths {
      for columns in [1, 3, 16, 33, 70] {
        var (own, expected) = (random(4 * columns, scale: 30), random(4 * columns, scale: 30))
        simd_log_softmax(ops, 4, columns, &own)
        simd_log_softmax(reference, 4, columns, &expected)
        #expect(largestDifference(own, expected) < 1e-5)
      }
    }
  }

  @Test func sumsAndScatteredRowsMatchTheReference() throws {
    let reference = try #require(simd_named("reference"))
    for ops in paths {
      for count in [0, 1, 15, 16, 31, 67] {
        let (x, y) = (random(count), random(count, seed: 5))
        #expect(abs(simd_dot(ops, count, x, y) - simd_dot(reference, count, x, y)) < 1e-5)
        var (own, expected) = (y, y)
        simd_axpy(ops, count, 0.3, x, &own)
        simd_axpy(reference, count, 0.3, x, &expected)
        #expect(largestDifference(own, expected) < 1e-6)
      }
      var (own, expected) = (random(60), random(60))
      let index: [Int32] = [2, 0, 2, 1]
      simd_scatter_rows(ops, 4, 17, random(68, seed: 6), index, &own, 20)
      simd_scatter_rows(reference, 4, 17, random(68, seed: 6), index, &expected, 20)
      #expect(largestDifference(own, expected) < 1e-6)
    }
  }

  @Test func anAdamStepMatchesTheReference() throws {
    let reference = try #require(simd_named("reference"))
    for ops in paths {
      for count in [1, 16, 37] {
        let (own, expected) = (adam(ops, count), adam(reference, count))
        for (a, b) in zip(own, expected) { #expect(largestDifference(a, b) < 1e-6) }
      }
    }
  }

  @Test func dropoutDrawsTheSameInEveryPathAndAsOftenAsAsked() throws {
    let reference = try #require(simd_named("reference"))
    let count = 100_003
    let x = random(count)
    let (mask, y) = drop(reference, x, key: 0x1234_5678_9ABC_DEF0)
    #expect(abs(Double(mask.count { $0 == 0 }) / Double(count) - 0.2) < 0.005)
    #expect(mask.allSatisfy { $0 == 0 || $0 == 1.25 })
    #expect(zip(zip(x, y), mask).allSatisfy { $0.1 == $1 * $0.0 })
    #expect(drop(reference, x, key: 0x1234_5678_9ABC_DEF1).mask != mask)
    for ops in paths {
      let own = drop(ops, x, key: 0x1234_5678_9ABC_DEF0)
      #expect(own.mask == mask && own.y == y)
    }
  }

  private func drop(
    _ ops: UnsafePointer<simd_ops>, _ x: [Float], key: UInt64
  ) -> (mask: [Float], y: [Float]) {
    var (mask, y) = (x, x)
    x.withUnsafeBufferPointer { x in
      mask.withUnsafeMutableBufferPointer { mask in
        y.withUnsafeMutableBufferPointer { y in
          var dropout = simd_dropout(
            count: x.count, key: key, threshold: (1 << 24) / 5, scale: 1.25, x: x.baseAddress,
            mask: mask.baseAddress, y: y.baseAddress)
          simd_drop(ops, &dropout)
        }
      }
    }
    return (mask, y)
  }

  private func adam(_ ops: UnsafePointer<simd_ops>, _ count: Int) -> [[Float]] {
    var (parameters, first) = (random(count), random(count, seed: 2))
    var second = random(count, seed: 3).map { $0 * $0 }
    let gradient = random(count, seed: 4)
    parameters.withUnsafeMutableBufferPointer { parameters in
      first.withUnsafeMutableBufferPointer { first in
        second.withUnsafeMutableBufferPointer { second in
          gradient.withUnsafeBufferPointer { gradient in
            var step = simd_adam_step(
              count: count, parameters: parameters.baseAddress, gradient: gradient.baseAddress,
              first_moment: first.baseAddress, second_moment: second.baseAddress,
              gradient_scale: 0.5, learning_rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8,
              correction1: 0.271, correction2: 0.003, weight_decay: 0.1)
            simd_adam(ops, &step)
          }
        }
      }
    }
    return [parameters, first, second]
  }

  @Test func squaredDistancesAndTheNearestRowAreFound() {
    let points = random(7 * 21).map { Double($0) }
    let point = points[42..<63].map { $0 + 1e-3 }
    for ops in paths {
      for count in [0, 1, 7, 21] {
        let expected = zip(points, point).prefix(count).reduce(0.0) {
          $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        }
        #expect(abs(simd_squared_distance(ops, count, points, point) - expected) < 1e-12)
      }
      var distance = -1.0
      #expect(simd_nearest(ops, 7, 21, points, point, &distance) == 2)
      #expect(abs(distance - 21e-6) < 1e-12)
      #expect(simd_nearest(ops, 0, 21, points, point, &distance) == -1)
      #expect(simd_nearest(ops, 7, 21, points, point.map { _ in .nan }, &distance) == -1)
    }
  }
}
