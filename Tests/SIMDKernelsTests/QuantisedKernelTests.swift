import SIMDKernels
import Testing

/// Products of 16-bit integers, and the LSTM step that uses them, on every instruction set against the
/// plain reference.
@Suite struct QuantisedKernelTests {
  private static let rows = 40
  /// Of each row the one that it goes on from: four rows have three.
  private static let parents = (0..<rows).map { Int32($0 * 3 / 4) }
  private static let units = 32
  private static let inputs = 20
  private static let gates = 4 * units
  /// Keeps pre-activations within a few units.
  private static let scale: Float = 1e-8

  private static let tables = ["baseline", "avx2", "avx512", "avx512vnni", "avx512bf16"]

  private func random(_ count: Int, seed: UInt64, limit: Int) -> [Int16] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int16(Int(state >> 33) % (2 * limit + 1) - limit)
    }
  }

  private func floats(_ count: Int, seed: UInt64) -> [Float] {
    random(count, seed: seed, limit: 1000).map { Float($0) / 1000 }
  }

  /// Place of a gate of a unit in a row of gate panels.
  private func place(_ lanes: Int, _ column: Int) -> Int {
    let (gate, unit) = (column / Self.units, column % Self.units)
    return unit / lanes * 4 * lanes + gate * lanes + unit % lanes
  }

  /// `[rows, 4 * units]` in gate order to gate panels.
  private func panels<Value>(_ lanes: Int, _ matrix: [Value]) -> [Value] {
    var result = matrix
    for index in matrix.indices {
      result[index / Self.gates * Self.gates + place(lanes, index % Self.gates)] = matrix[index]
    }
    return result
  }

  /// `[depth, 4 * units]` in gate order to pairs in panels.
  private func packed(_ lanes: Int, _ matrix: [Int16], depth: Int) -> [Int16] {
    let panel = 4 * lanes
    var result = matrix
    for k in 0..<depth {
      for column in 0..<Self.gates {
        let own = place(lanes, column)
        result[own / panel * panel * depth + (k / 2 * panel + own % panel) * 2 + k % 2] =
          matrix[k * Self.gates + column]
      }
    }
    return result
  }

  /// `[rows, 4 * units]` in gate panels back to gate order.
  private func plain(_ lanes: Int, _ matrix: [Float]) -> [Float] {
    matrix.indices.map {
      matrix[$0 / Self.gates * Self.gates + place(lanes, $0 % Self.gates)]
    }
  }

  private func multiply(_ ops: UnsafePointer<simd_ops>, rows: Int) -> [Float] {
    let lanes = ops.pointee.lanes
    let a = random(rows * Self.inputs, seed: 1, limit: 8192)
    let b = packed(
      lanes, random(Self.inputs * Self.gates, seed: 2, limit: 12_000), depth: Self.inputs)
    let scales = panels(lanes, floats(Self.gates, seed: 3).map { $0 * Self.scale })
    var c = (0..<rows).flatMap { panels(lanes, floats(Self.gates, seed: UInt64(4 + $0))) }
    c.withUnsafeMutableBufferPointer { c in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          scales.withUnsafeBufferPointer { scales in
            var product = simd_quantised_product(
              rows: rows, columns: Self.gates, depth: Self.inputs, a: a.baseAddress,
              b: b.baseAddress, scales: scales.baseAddress, c: c.baseAddress)
            simd_quantised_multiply(ops, &product)
          }
        }
      }
    }
    return plain(lanes, c)
  }

  @Test(arguments: 1...9) func aProductMatchesTheReference(rows: Int) throws {
    let expected = multiply(try #require(simd_named("reference")), rows: rows)
    #expect(expected.contains { abs($0) > 1 })
    for name in Self.tables {
      guard let ops = simd_named(name) else { continue }
      let own = multiply(ops, rows: rows)
      #expect(zip(own, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "\(name)")
    }
  }

  private struct Result {
    var cell, hidden: [Float]
    var state: [Int16]
  }

  private func step(
    _ ops: UnsafePointer<simd_ops>, first: Bool, parents: [Int32]?, keepsHidden: Bool = true
  ) -> Result {
    let (rows, units, inputs, lanes) = (Self.rows, Self.units, Self.inputs, ops.pointee.lanes)
    let start = (0..<3).flatMap { panels(lanes, floats(Self.gates, seed: UInt64(10 + $0))) }
    let tokens = (0..<rows).map { Int32($0 * 7 % 3) }
    let input = random(rows * inputs, seed: 21, limit: 8192)
    let previous = random(rows * units, seed: 22, limit: 8192)
    let cell = floats(rows * units, seed: 23)
    let inputWeights = packed(
      lanes, random(inputs * Self.gates, seed: 24, limit: 9000), depth: inputs)
    let hiddenWeights = packed(
      lanes, random(units * Self.gates, seed: 25, limit: 7000), depth: units)
    let scales = panels(lanes, floats(Self.gates, seed: 26).map { $0 * Self.scale })
    var result = Result(
      cell: [Float](repeating: .nan, count: rows * units),
      hidden: [Float](repeating: .nan, count: rows * units),
      state: [Int16](repeating: .min, count: rows * units))
    // Copies that stay where they are until the end.
    func lasting<Value>(_ values: [Value]) -> UnsafeMutableBufferPointer<Value> {
      let copy = UnsafeMutableBufferPointer<Value>.allocate(capacity: values.count)
      _ = copy.initialize(from: values)
      return copy
    }
    let numbers = [start, cell, scales, result.cell, result.hidden].map(lasting)
    let integers = [input, previous, inputWeights, hiddenWeights, result.state].map(lasting)
    let indices = [tokens, parents ?? [0]].map(lasting)
    defer {
      for buffer in numbers { buffer.deallocate() }
      for buffer in integers { buffer.deallocate() }
      for buffer in indices { buffer.deallocate() }
    }
    var step = simd_quantised_step()
    (step.frame.rows, step.frame.units, step.frame.inputs) = (rows, units, inputs)
    step.frame.parents = parents == nil ? nil : UnsafePointer(indices[1].baseAddress)
    step.frame.start = UnsafePointer(numbers[0].baseAddress)
    step.frame.tokens = UnsafePointer(indices[0].baseAddress)
    step.input = UnsafePointer(integers[0].baseAddress)
    step.input_weights = UnsafePointer(integers[2].baseAddress)
    step.input_scales = UnsafePointer(numbers[2].baseAddress)
    step.hidden = first ? nil : UnsafePointer(integers[1].baseAddress)
    step.hidden_weights = UnsafePointer(integers[3].baseAddress)
    step.hidden_scales = UnsafePointer(numbers[2].baseAddress)
    step.frame.cell = first ? nil : UnsafePointer(numbers[1].baseAddress)
    step.frame.next_cell = numbers[3].baseAddress
    step.next_hidden = keepsHidden ? numbers[4].baseAddress : nil
    step.next_state = integers[4].baseAddress
    simd_quantised_forward(ops, &step)
    result.cell = Array(numbers[3])
    result.hidden = Array(numbers[4])
    result.state = Array(integers[4])
    return result
  }

  @Test(arguments: [true, false], [nil, Self.parents])
  func aStepMatchesTheReference(first: Bool, parents: [Int32]?) throws {
    let expected = step(try #require(simd_named("reference")), first: first, parents: parents)
    #expect(expected.hidden.contains { abs($0) > 0.1 })
    for name in Self.tables {
      guard let ops = simd_named(name) else { continue }
      let own = step(ops, first: first, parents: parents)
      #expect(zip(own.cell, expected.cell).allSatisfy { abs($0 - $1) < 3e-6 }, "\(name)")
      #expect(zip(own.hidden, expected.hidden).allSatisfy { abs($0 - $1) < 3e-6 }, "\(name)")
      // Values next to a half may be rounded either way.
      #expect(zip(own.state, expected.state).allSatisfy { abs($0 - $1) <= 1 }, "\(name)")
      for (state, hidden) in zip(own.state, own.hidden) {
        #expect(abs(Float(state) - hidden * SIMD_STATE_SCALE) <= 0.502)
      }
      let rounded = step(ops, first: first, parents: parents, keepsHidden: false)
      #expect(rounded.state == own.state && rounded.hidden.allSatisfy { $0.isNaN })
    }
  }
}
