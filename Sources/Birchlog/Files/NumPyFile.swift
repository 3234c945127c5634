/// Writes one array as a NumPy `.npy` file, version 1.0, row by row.
///
/// Source: the format description in NumPy's `numpy.lib.format`.
struct NumPyFile {
  /// Type of the values, as NumPy writes it.
  enum ElementType: String {
    case float32 = "<f4"
    case int32 = "<i4"
  }

  private static let headerLength = 128
  /// Bytes that are gathered before they are written.
  private static let bufferLength = 1 << 16

  private let file: AtomicFile
  private let type: ElementType
  /// Values of one row; nil for an array of one dimension.
  private let columns: Int?
  private var rows = 0
  private var buffer: [UInt8] = []

  /// Opens a file for rows of `columns` values, or for a plain list.
  ///
  /// - Throws: `io`.
  init(path: String, type: ElementType, columns: Int?) throws(BirchlogError) {
    file = try AtomicFile(path: path)
    self.type = type
    self.columns = columns
    // The number of rows is known at the end: the header keeps its place.
    try file.write([UInt8](repeating: 0x20, count: Self.headerLength))
  }

  /// Appends a row of a float32 array.
  ///
  /// - Throws: `io`, and `internalDefect` for a row of another length or a file of another type.
  mutating func append(_ row: [Float]) throws(BirchlogError) {
    guard type == .float32, row.count == columns ?? 1 else {
      throw .internalDefect("a row of \(row.count) numbers does not fit the array file.")
    }
    for value in row { append(word: value.bitPattern) }
    try endRow()
  }

  /// Appends a value to an int32 list.
  ///
  /// - Throws: `io`, and `internalDefect` for a file of another type.
  mutating func append(_ value: Int32) throws(BirchlogError) {
    guard type == .int32, columns ?? 1 == 1 else {
      throw .internalDefect("a single whole number does not fit the array file.")
    }
    append(word: UInt32(bitPattern: value))
    try endRow()
  }

  /// Writes the header and puts the file in its place.
  ///
  /// - Throws: `io`.
  mutating func commit() throws(BirchlogError) {
    try flush()
    let shape = columns.map { "(\(rows), \($0))" } ?? "(\(rows),)"
    let text = "{'descr': '\(type.rawValue)', 'fortran_order': False, 'shape': \(shape), }"
    var header: [UInt8] = [0x93] + Array("NUMPY".utf8)
    header += [1, 0, UInt8(Self.headerLength - 10), 0]
    header += Array(text.utf8)
    header += [UInt8](repeating: 0x20, count: max(0, Self.headerLength - 1 - header.count))
    try file.overwrite(header + [0x0a], at: 0)
    try file.commit()
  }

  private mutating func append(word: UInt32) {
    withUnsafeBytes(of: word.littleEndian) { buffer.append(contentsOf: $0) }
  }

  private mutating func endRow() throws(BirchlogError) {
    rows += 1
    if buffer.count >= Self.bufferLength { try flush() }
  }

  private mutating func flush() throws(BirchlogError) {
    try file.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}
