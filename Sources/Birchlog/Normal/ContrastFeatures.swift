import Glibc

/// A unit as the events it holds and the pairs that follow each other, hashed into a fixed number of
/// columns.
struct ContrastFeatures: Equatable {
  /// Columns of each part: events, then pairs.
  static let width = 2_048
  static let dimension = 2 * width

  /// Columns, ascending, and their values: log(1 + count), each part of unit length.
  private(set) var columns: [Int32] = []
  private(set) var values: [Float] = []

  init(_ unit: Unit) {
    var counts: [Int32: Float] = [:]
    var last: Int32?
    for event in unit.body {
      counts[Self.column(of: event), default: 0] += 1
      if let last { counts[Self.column(of: last, before: event), default: 0] += 1 }
      last = event
    }
    var squares: (Float, Float) = (0, 0)
    for (column, count) in counts.sorted(by: { $0.key < $1.key }) {
      let value = log1p(count)
      columns.append(column)
      values.append(value)
      if column < Self.width { squares.0 += value * value } else { squares.1 += value * value }
    }
    let lengths = (max(squares.0, 1e-12).squareRoot(), max(squares.1, 1e-12).squareRoot())
    for index in columns.indices {
      values[index] /= Int(columns[index]) < Self.width ? lengths.0 : lengths.1
    }
  }

  static func column(of event: Int32) -> Int32 {
    Int32(truncatingIfNeeded: mixed(UInt64(truncatingIfNeeded: event)) % UInt64(width))
  }

  static func column(of event: Int32, before next: Int32) -> Int32 {
    let pair = UInt64(UInt32(bitPattern: event)) << 32 | UInt64(UInt32(bitPattern: next))
    return Int32(
      truncatingIfNeeded: UInt64(width) + mixed(pair ^ 0x9e37_79b9_7f4a_7c15) % UInt64(width))
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var mixed = value &* 0xff51_afd7_ed55_8ccd
    mixed = (mixed ^ (mixed >> 33)) &* 0xc4ce_b9fe_1a85_ec53
    return mixed ^ (mixed >> 33)
  }
}
