import SIMDKernels
import Testing

/// Products of bfloat16 numbers, and the LSTM step that uses them, on every instruction set against the
/// plain reference.
@Suite struct BFloat16KernelTests {
  private static let rows = 9
  private static let units = 32
  private static let inputs = 20
  private static let gates = 4 * units

  private var tables: [UnsafePointer<simd_ops>] {
    ["baseline", "avx2", "avx512", "avx512vnni", "avx512bf16"].compactMap { (name: String) in
      simd_named(name)
    }
  }

  private func reference() throws -> UnsafePointer<simd_ops> {
    try #require(simd_named("reference"))
  }

  private func random(_ count: Int, seed: UInt64) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 23) - 1
    }
  }

  private func rounded(_ ops: UnsafePointer<simd_ops>, _ x: [Float]) -> [UInt32] {
    var pairs = [UInt32](repeating: .max, count: (x.count + 1) / 2)
    simd_to_bfloat16(ops, x.count, x, &pairs)
    return pairs
  }

  private func number(_ half: UInt32) -> Float { Float(bitPattern: half << 16) }

  private func numbers(_ pairs: [UInt32]) -> [Float] {
    pairs.flatMap { [number($0 & 0xFFFF), number($0 >> 16)] }
  }

  @Test func roundingIsToTheNearestAndOfTwoToTheEven() throws {
    let ties = [0x3F80_8000, 0x3F81_8000, 0x3F80_8001, 0x3F80_7FFF, 0xBF81_8000].map {
      Float(bitPattern: $0)
    }
    let special: [Float] = [0, -0.0, .infinity, -.infinity, .greatestFiniteMagnitude, 1e-37]
    let x =
      ties + special + random(40, seed: 1).map { $0 * 1e-6 } + random(40, seed: 2) + [.nan, 1]
    let expected = rounded(try reference(), x)
    let values = numbers(expected)
    #expect(Array(values[0..<5]) == [1, 1.015625, 1.0078125, 1, -1.015625])
    #expect(values[9] == .infinity && values[x.count - 2].isNaN)
    for (value, x) in zip(values, x) where abs(x) < 2 {
      #expect(abs(value - x) <= abs(x) / 256)
    }
    for ops in tables {
      let own = rounded(ops, x)
      #expect(numbers(own)[x.count - 2].isNaN)
      #expect(own.dropLast() == expected.dropLast())
      #expect(rounded(ops, Array(x[..<7])).last == UInt32(rounded(ops, [x[6]])[0] & 0xFFFF))
    }
  }

  @Test(arguments: [1, 2, 5], [0, 1])
  func rowsAreAppendedToPairsOfRows(rows: Int, first: Int) throws {
    for columns in [6, 16, 70] {
      let x = random(rows * columns, seed: 3)
      let start = random(columns, seed: 4)
      for ops in tables + [try reference()] {
        let pairs = rounded(ops, x)
        var y = [UInt32](repeating: .max, count: (first + rows + 1) / 2 * columns)
        if first == 1 {
          simd_pair_rows(ops, 1, columns, rounded(ops, start), columns / 2, 0, &y)
        }
        simd_pair_rows(ops, rows, columns, pairs, columns / 2, first, &y)
        let (values, starts) = (numbers(pairs), numbers(rounded(ops, start)))
        for row in 0..<2 * ((first + rows + 1) / 2) {
          for column in 0..<columns {
            let pair = y[row / 2 * columns + column]
            let own = number(row % 2 == 0 ? pair & 0xFFFF : pair >> 16)
            let source = row - first
            let expected =
              source < 0 ? starts[column] : source < rows ? values[source * columns + column] : 0
            #expect(own == expected)
          }
        }
      }
    }
  }

  /// A packed right side `[depth, columns]` in pairs along the depth.
  private func packed(
    _ ops: UnsafePointer<simd_ops>, _ matrix: [Float], depth: Int, columns: Int
  ) -> [UInt32] {
    let panel = ops.pointee.panel
    var result = [UInt32](
      repeating: 0, count: (columns + panel - 1) / panel * panel * (depth / 2))
    let values = rounded(ops, matrix)
    for k in 0..<depth {
      for column in 0..<columns {
        let index = k * columns + column
        let half = values[index / 2] >> (index % 2 == 0 ? 0 : 16) & 0xFFFF
        let place = (column / panel * (depth / 2) + k / 2) * panel + column % panel
        result[place] |= half << (k % 2 == 0 ? 0 : 16)
      }
    }
    return result
  }

  @Test func everyPathMultipliesLikeTheDefinition() throws {
    for ops in tables + [try reference()] {
      for (rows, columns, depth) in [(1, 1, 2), (6, 64, 16), (7, 65, 34), (13, 130, 50)] {
        for accumulate in [false, true] {
          let a = rounded(ops, random(rows * depth, seed: 5))
          let matrix = random(depth * columns, seed: 6)
          let b = packed(ops, matrix, depth: depth, columns: columns)
          let c = random(rows * columns, seed: 7)
          let (x, y) = (numbers(a), numbers(rounded(ops, matrix)))
          let expected = (0..<rows * columns).map { index in
            let (row, column) = (index / columns, index % columns)
            return (0..<depth).reduce(accumulate ? Double(c[index]) : 0) {
              $0 + Double(x[row * depth + $1]) * Double(y[$1 * columns + column])
            }
          }
          var result = c
          result.withUnsafeMutableBufferPointer { target in
            a.withUnsafeBufferPointer { a in
              b.withUnsafeBufferPointer { b in
                var product = simd_bfloat16_product(
                  rows: rows, columns: columns, depth: depth / 2, a: a.baseAddress,
                  a_row: depth / 2, a_column: 1, depth_block: depth / 2, a_block: 0,
                  b: b.baseAddress, c: target.baseAddress, c_row: columns,
                  accumulate: accumulate ? 1 : 0)
                simd_bfloat16_multiply(ops, &product)
              }
            }
          }
          #expect(zip(result, expected).allSatisfy { abs(Double($0) - $1) < 1e-5 })
        }
      }
    }
  }

  private struct Result {
    var cell, hidden, gates, states, gradients, roundedGradients: [Float]
  }

  /// Place of a gate of a unit in a row of gate panels.
  private func place(_ lanes: Int, _ column: Int) -> Int {
    let (gate, unit) = (column / Self.units, column % Self.units)
    return unit / lanes * 4 * lanes + gate * lanes + unit % lanes
  }

  /// `[rows, 4 * units]` in gate order to gate panels.
  private func panels(_ lanes: Int, _ matrix: [Float]) -> [Float] {
    var result = matrix
    for index in matrix.indices {
      result[index / Self.gates * Self.gates + place(lanes, index % Self.gates)] = matrix[index]
    }
    return result
  }

  /// Gates `[units / lanes][rows][panel]` to `[rows, 4 * units]`.
  private func plain(_ lanes: Int, _ gates: [Float]) -> [Float] {
    gates.indices.map {
      let (row, place) = ($0 / Self.gates, place(lanes, $0 % Self.gates))
      let panel = 4 * lanes
      return gates[(place / panel * Self.rows + row) * panel + place % panel]
    }
  }

  private func step(_ ops: UnsafePointer<simd_ops>, first: Bool, parents: [Int32]?) -> Result {
    let (rows, units, inputs, lanes) = (Self.rows, Self.units, Self.inputs, ops.pointee.lanes)
    func weights(_ depth: Int, seed: UInt64) -> [UInt32] {
      packed(
        ops, panels(lanes, random(depth * Self.gates, seed: seed)), depth: depth,
        columns: Self.gates)
    }
    // Copies that stay where they are until the end.
    func lasting<Value>(_ values: [Value]) -> UnsafeMutableBufferPointer<Value> {
      let copy = UnsafeMutableBufferPointer<Value>.allocate(capacity: values.count)
      _ = copy.initialize(from: values)
      return copy
    }
    let numbers = [
      panels(lanes, random(3 * Self.gates, seed: 10)), random(rows * units, seed: 11),
      random(rows * units, seed: 12), [Float](repeating: .nan, count: rows * units),
      [Float](repeating: .nan, count: rows * units),
      [Float](repeating: .nan, count: rows * Self.gates),
    ].map(lasting)
    let pairs = [
      rounded(ops, random(rows * inputs, seed: 13)), rounded(ops, random(rows * units, seed: 14)),
      weights(inputs, seed: 15), weights(units, seed: 16),
      [UInt32](repeating: .max, count: rows * units / 2),
      [UInt32](repeating: .max, count: rows * Self.gates / 2),
    ].map(lasting)
    let indices = [[0, 2, 1, 1, 0, 2, 2, 0, 1], parents ?? [0]].map(lasting)
    defer {
      for buffer in numbers { buffer.deallocate() }
      for buffer in pairs { buffer.deallocate() }
      for buffer in indices { buffer.deallocate() }
    }
    var step = simd_bfloat16_step()
    (step.frame.rows, step.frame.units, step.frame.inputs) = (rows, units, inputs)
    step.frame.parents = parents == nil ? nil : UnsafePointer(indices[1].baseAddress)
    step.frame.start = UnsafePointer(numbers[0].baseAddress)
    step.frame.tokens = UnsafePointer(indices[0].baseAddress)
    step.frame.cell = first ? nil : UnsafePointer(numbers[1].baseAddress)
    step.frame.next_cell = numbers[3].baseAddress
    step.input = UnsafePointer(pairs[0].baseAddress)
    step.hidden = first ? nil : UnsafePointer(pairs[1].baseAddress)
    step.input_weights = UnsafePointer(pairs[2].baseAddress)
    step.hidden_weights = UnsafePointer(pairs[3].baseAddress)
    step.next_hidden = numbers[4].baseAddress
    step.next_state = pairs[4].baseAddress
    step.gates = numbers[5].baseAddress
    step.gate_stride = rows * 4 * lanes
    simd_bfloat16_forward(ops, &step)
    let gates = plain(lanes, Array(numbers[5]))
    var gradient = simd_lstm_gradient()
    (gradient.rows, gradient.units) = (rows, units)
    gradient.cell = step.frame.cell
    gradient.next_cell = UnsafePointer(numbers[3].baseAddress)
    gradient.hidden_gradient = UnsafePointer(numbers[2].baseAddress)
    gradient.gates = step.gates
    gradient.gate_stride = step.gate_stride
    gradient.rounded = pairs[5].baseAddress
    simd_lstm_backward(ops, &gradient)
    return Result(
      cell: Array(numbers[3]), hidden: Array(numbers[4]), gates: gates,
      states: self.numbers(Array(pairs[4])), gradients: Array(numbers[5]),
      roundedGradients: self.numbers(Array(pairs[5])))
  }

  @Test(arguments: [true, false], [nil, [0, 0, 1, 1, 1, 4, 6, 8, 8] as [Int32]])
  func aStepMatchesTheReference(first: Bool, parents: [Int32]?) throws {
    let expected = step(try reference(), first: first, parents: parents)
    #expect(expected.hidden.contains { abs($0) > 0.1 })
    for ops in tables {
      let own = step(ops, first: first, parents: parents)
      let pairs = [
        (own.cell, expected.cell), (own.hidden, expected.hidden), (own.gates, expected.gates),
      ]
      for (a, b) in pairs {
        #expect(a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 5e-6 })
      }
      #expect(own.states == numbers(rounded(ops, own.hidden)))
      #expect(own.roundedGradients == numbers(rounded(ops, own.gradients)))
    }
  }
}
