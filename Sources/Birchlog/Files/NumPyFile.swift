/// Writes one array as a NumPy `.npy` file, version 1.0, row by row.
struct NumPyFile {
  /// Type of the values.
  enum ElementType: String {
    case float32 = "<f4"
    case int32 = "<i4"
  }

  private static let headerLength = 128

  private let file: AtomicFile
  private let type: ElementType
  /// Values of one row; nil for an array of one dimension.
  private let columns: Int?
  private var rows = 0

  /// Opens a file for rows of `columns` values, or for a plain list.
  init(path: String, type: ElementType, columns: Int?) throws(BirchlogError) {
    file = try AtomicFile(path: path)
    self.type = type
    self.columns = columns
    // The number of rows is known at the end: the header keeps its place.
    try file.write([UInt8](repeating: 0x20, count: Self.headerLength))
  }

  mutating func append(_ row: [Float]) throws(BirchlogError) {
    try file.write(row.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } })
    rows += 1
  }

  mutating func append(_ value: Int32) throws(BirchlogError) {
    try file.write(withUnsafeBytes(of: value.littleEndian) { Array($0) })
    rows += 1
  }

  /// Writes the header and puts the file in its place.
  mutating func commit() throws(BirchlogError) {
    let shape = columns.map { "(\(rows), \($0))" } ?? "(\(rows),)"
    let text = "{'descr': '\(type.rawValue)', 'fortran_order': False, 'shape': \(shape), }"
    var header: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(Self.headerLength - 10), 0]
    header += Array(text.utf8)
    header += [UInt8](repeating: 0x20, count: Self.headerLength - 1 - header.count) + [0x0a]
    try file.overwrite(header, at: 0)
    try file.commit()
  }
}
