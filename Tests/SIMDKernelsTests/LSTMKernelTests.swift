import SIMDKernels
import Testing

/// One LSTM step and its gradient on every instruction set against the plain reference.
@Suite struct LSTMKernelTests {
  private static let rows = 7
  private static let units = 32
  private static let inputs = 11

  private struct Result {
    var cell, hidden, gates, gateGradients, previousGradient: [Float]
  }

  private func random(_ count: Int, seed: UInt64) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 23) - 1
    }
  }

  /// Place of a gate of a unit in a row of gate panels.
  private func place(_ lanes: Int, _ gate: Int, _ unit: Int) -> Int {
    unit / lanes * 4 * lanes + gate * lanes + unit % lanes
  }

  /// `[rows, 4 * units]` in gate order to gate panels, row by row.
  private func panels(_ lanes: Int, _ matrix: [Float], rows: Int) -> [Float] {
    var result = matrix
    for row in 0..<rows {
      for gate in 0..<4 {
        for unit in 0..<Self.units {
          let start = row * 4 * Self.units
          result[start + place(lanes, gate, unit)] = matrix[start + gate * Self.units + unit]
        }
      }
    }
    return result
  }

  /// `[depth, 4 * units]` in gate order to packed weights.
  private func packed(_ lanes: Int, _ matrix: [Float], depth: Int) -> [Float] {
    let (panel, rows) = (4 * lanes, panels(lanes, matrix, rows: depth))
    var result = matrix
    for k in 0..<depth {
      for column in 0..<4 * Self.units {
        let target = (column / panel * depth + k) * panel + column % panel
        result[target] = rows[k * 4 * Self.units + column]
      }
    }
    return result
  }

  /// Gates `[units / lanes][rows][panel]` to `[rows, 4, units]`.
  private func plain(_ lanes: Int, _ gates: [Float]) -> [Float] {
    var result = gates
    for row in 0..<Self.rows {
      for gate in 0..<4 {
        for unit in 0..<Self.units {
          let block = (unit / lanes * Self.rows + row) * 4 * lanes
          result[(row * 4 + gate) * Self.units + unit] = gates[block + gate * lanes + unit % lanes]
        }
      }
    }
    return result
  }

  private func run(_ ops: UnsafePointer<simd_ops>, first: Bool, parents: [Int32]?) -> Result {
    let (rows, units, inputs, lanes) = (Self.rows, Self.units, Self.inputs, ops.pointee.lanes)
    let state = rows * units
    let start = panels(lanes, random(5 * 4 * units, seed: 1), rows: 5)
    let tokens: [Int32] = [0, 4, 2, 2, 1, 3, 0]
    let (input, previous, cell) = (
      random(rows * inputs, seed: 2), random(state, seed: 3), random(state, seed: 4)
    )
    let inputWeights = packed(lanes, random(inputs * 4 * units, seed: 5), depth: inputs)
    let hiddenWeights = packed(lanes, random(units * 4 * units, seed: 6), depth: units)
    let hiddenGradient = random(state, seed: 7)
    var nextCell = [Float](repeating: .nan, count: state)
    var nextHidden = nextCell
    var gates = [Float](repeating: .nan, count: 4 * state)
    let cellGradient = random(state, seed: 8)
    var previousGradient = [Float](repeating: 0, count: state)
    let parentRows = UnsafeMutablePointer<Int32>.allocate(capacity: rows)
    defer { parentRows.deallocate() }
    for row in 0..<rows { parentRows[row] = parents?[row] ?? 0 }
    let shared = parents == nil ? nil : UnsafePointer(parentRows)
    var step = simd_lstm_step()
    (step.frame.rows, step.frame.units, step.frame.inputs) = (rows, units, inputs)
    step.gate_stride = rows * 4 * lanes
    step.frame.parents = shared
    start.withUnsafeBufferPointer {
      step.frame.start = $0.baseAddress
      tokens.withUnsafeBufferPointer {
        step.frame.tokens = $0.baseAddress
        input.withUnsafeBufferPointer {
          step.input = $0.baseAddress
          inputWeights.withUnsafeBufferPointer {
            step.input_weights = $0.baseAddress
            previous.withUnsafeBufferPointer {
              step.hidden = first ? nil : $0.baseAddress
              hiddenWeights.withUnsafeBufferPointer {
                step.hidden_weights = $0.baseAddress
                cell.withUnsafeBufferPointer {
                  step.frame.cell = first ? nil : $0.baseAddress
                  nextCell.withUnsafeMutableBufferPointer {
                    step.frame.next_cell = $0.baseAddress
                    nextHidden.withUnsafeMutableBufferPointer {
                      step.next_hidden = $0.baseAddress
                      gates.withUnsafeMutableBufferPointer {
                        step.gates = $0.baseAddress
                        simd_lstm_forward(ops, &step)
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    let activated = plain(lanes, gates)
    cell.withUnsafeBufferPointer { cell in
      nextCell.withUnsafeBufferPointer { nextCell in
        hiddenGradient.withUnsafeBufferPointer { hiddenGradient in
          cellGradient.withUnsafeBufferPointer { cellGradient in
            previousGradient.withUnsafeMutableBufferPointer { previousGradient in
              gates.withUnsafeMutableBufferPointer { gates in
                var gradient = simd_lstm_gradient(
                  rows: rows, units: units, parents: shared, cell: first ? nil : cell.baseAddress,
                  next_cell: nextCell.baseAddress, hidden_gradient: hiddenGradient.baseAddress,
                  cell_gradient: parents == nil ? cellGradient.baseAddress : nil,
                  previous_gradient: previousGradient.baseAddress, gates: gates.baseAddress,
                  gate_stride: rows * 4 * lanes, rounded: nil)
                simd_lstm_backward(ops, &gradient)
              }
            }
          }
        }
      }
    }
    return Result(
      cell: nextCell, hidden: nextHidden, gates: activated, gateGradients: plain(lanes, gates),
      previousGradient: previousGradient)
  }

  @Test(arguments: [true, false], [nil, [0, 0, 1, 1, 1, 4, 6] as [Int32]])
  func aStepAndItsGradientMatchTheReference(first: Bool, parents: [Int32]?) throws {
    let expected = run(try #require(simd_named("reference")), first: first, parents: parents)
    for name in ["baseline", "avx2", "avx512", "avx512vnni", "avx512bf16"] {
      guard let ops = simd_named(name) else { continue }
      let own = run(ops, first: first, parents: parents)
      let pairs = [
        (own.cell, expected.cell), (own.hidden, expected.hidden), (own.gates, expected.gates),
        (own.gateGradients, expected.gateGradients),
        (own.previousGradient, expected.previousGradient),
      ]
      for (a, b) in pairs {
        #expect(a.count == b.count)
        #expect(zip(a, b).allSatisfy { abs($0 - $1) < 3e-6 })
      }
      let orphans = parents.map { parents in
        (0..<Self.rows).filter { !parents.contains(Int32($0)) }
      }
      for row in orphans ?? [] {
        let gradient = own.previousGradient[row * Self.units..<(row + 1) * Self.units]
        #expect(gradient.allSatisfy { $0 == 0 })
      }
    }
  }
}
