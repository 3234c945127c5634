import SIMDKernels

/// The instruction set that the networks use on this processor, for example `avx512bf16`.
public var instructionSet: String {
  String(cString: Kernels.best.ops.pointee.name)
}

/// The number of processors that the process may run on.
public var availableProcessors: Int { max(1, Int(simd_processors())) }

/// One table of vector kernels.
struct Kernels: @unchecked Sendable {
  let ops: UnsafePointer<simd_ops>

  /// The fastest table this processor runs.
  static let best = Kernels(ops: simd_best())

  /// The table with a name, if this processor runs it.
  static func named(_ name: String) -> Kernels? {
    simd_named(name).map { Kernels(ops: $0) }
  }

  /// Floats in a vector.
  var lanes: Int { ops.pointee.lanes }
  /// Columns in a panel of a packed matrix.
  var panel: Int { ops.pointee.panel }

  /// c `[rows, columns]` (+)= a `[rows, depth]` · packed b, with a's elements `aRow` and `aColumn`
  /// apart.
  func multiply(
    rows: Int, columns: Int, depth: Int, _ a: UnsafePointer<Float>, aRow: Int, aColumn: Int = 1,
    packed b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, cRow: Int, accumulate: Bool
  ) {
    guard rows > 0, columns > 0 else { return }
    var product = simd_product(
      rows: rows, columns: columns, depth: depth, a: a, a_row: aRow, a_column: aColumn,
      depth_block: depth, a_block: 0, b: b, c: c, c_row: cRow, accumulate: accumulate ? 1 : 0)
    simd_multiply(ops, &product)
  }
}
