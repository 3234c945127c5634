/// A tensor as it lies in a file: raw little-endian values.
public struct StoredTensor: Sendable, Equatable {
  /// Type of the values.
  public enum ElementType: String, Sendable, CaseIterable {
    case float32 = "F32"
    case float64 = "F64"
    case int32 = "I32"
    case int64 = "I64"
    case uint8 = "U8"

    /// Bytes of one value.
    public var size: Int {
      switch self {
      case .uint8: 1
      case .float32, .int32: 4
      case .float64, .int64: 8
      }
    }
  }

  public let name: String
  public let type: ElementType
  /// Extent of each dimension; the product is the number of values.
  public let shape: [Int]
  /// The values in row-major order, little-endian.
  public let bytes: [UInt8]

  init(name: String, type: ElementType, shape: [Int], bytes: [UInt8]) {
    self.name = name
    self.type = type
    self.shape = shape
    self.bytes = bytes
  }

  /// A tensor of 32-bit floats.
  public init(name: String, shape: [Int], floats: [Float]) {
    self.init(name: name, type: .float32, shape: shape, bytes: Self.bytes(floats.map(\.bitPattern)))
  }

  /// A tensor of 32-bit integers.
  public init(name: String, shape: [Int], int32s: [Int32]) {
    self.init(
      name: name, type: .int32, shape: shape,
      bytes: Self.bytes(int32s.map { UInt32(bitPattern: $0) }))
  }

  /// A tensor of 64-bit integers.
  public init(name: String, shape: [Int], int64s: [Int64]) {
    self.init(
      name: name, type: .int64, shape: shape,
      bytes: Self.bytes(int64s.map { UInt64(bitPattern: $0) }))
  }

  /// A tensor of 64-bit floats.
  public init(name: String, shape: [Int], doubles: [Double]) {
    self.init(
      name: name, type: .float64, shape: shape, bytes: Self.bytes(doubles.map(\.bitPattern)))
  }

  /// A list of bytes.
  public init(name: String, bytes: [UInt8]) {
    self.init(name: name, type: .uint8, shape: [bytes.count], bytes: bytes)
  }

  /// The values; nil when they are of another type.
  public var floats: [Float]? {
    type == .float32 ? values(UInt32.self).map(Float.init(bitPattern:)) : nil
  }

  /// The values; nil when they are of another type.
  public var doubles: [Double]? {
    type == .float64 ? values(UInt64.self).map(Double.init(bitPattern:)) : nil
  }

  /// The values; nil when they are of another type.
  public var int32s: [Int32]? {
    type == .int32 ? values(UInt32.self).map(Int32.init(bitPattern:)) : nil
  }

  /// The values; nil when they are of another type.
  public var int64s: [Int64]? {
    type == .int64 ? values(UInt64.self).map(Int64.init(bitPattern:)) : nil
  }

  private func values<Word: FixedWidthInteger>(_ word: Word.Type) -> [Word] {
    bytes.withUnsafeBytes { buffer in
      (0..<(buffer.count / MemoryLayout<Word>.size)).map {
        let offset = $0 * MemoryLayout<Word>.size
        return Word(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: Word.self))
      }
    }
  }

  private static func bytes<Word: FixedWidthInteger>(_ words: [Word]) -> [UInt8] {
    words.map(\.littleEndian).withUnsafeBytes { Array($0) }
  }
}
