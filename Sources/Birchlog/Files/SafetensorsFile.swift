import CZlib

/// The safetensors container: eight bytes of header length, a JSON header, raw tensors.
///
/// Beyond the format, `__metadata__` holds `crc32`: eight hex digits of the CRC-32 of the whole file with these digits as zeros. Nothing follows
/// the last tensor. Source: the safetensors format description, version 0.4.
public struct SafetensorsFile: Sendable, Equatable {
  public var metadata: JSONObject
  public var tensors: [StoredTensor]

  private static let metadataKey = "__metadata__"
  private static let checksumKey = "crc32"
  private static let noChecksum = "00000000"
  /// Longest header that is read.
  private static let headerLimit = 64 << 20

  /// - Parameter metadata: texts only, as the format asks.
  public init(metadata: JSONObject, tensors: [StoredTensor]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// The file's bytes; the same content always gives the same.
  public func bytes() -> [UInt8] {
    var metadata = metadata
    metadata[Self.checksumKey] = .string(Self.noChecksum)
    var header: JSONObject = [Self.metadataKey: .object(metadata)]
    var offset = 0
    for tensor in tensors {
      header[tensor.name] = .object([
        "dtype": .string(tensor.type.rawValue),
        "shape": .array(tensor.shape.map { .integer(Int64($0)) }),
        "data_offsets": .array([
          .integer(Int64(offset)), .integer(Int64(offset + tensor.bytes.count)),
        ]),
      ])
      offset += tensor.bytes.count
    }
    var text = Array(JSONValue.object(header).text.utf8)
    while text.count % 8 != 0 { text.append(0x20) }
    var bytes = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
    bytes.reserveCapacity(bytes.count + offset)
    for tensor in tensors { bytes += tensor.bytes }
    if let digits = Self.checksumRange(bytes, header: 8..<(8 + text.count)) {
      bytes.replaceSubrange(digits, with: Array(Self.hex(Self.checksum(bytes)).utf8))
    }
    return bytes
  }

  /// Reads a file's bytes and checks everything before it believes it.
  ///
  /// - Parameter name: what the messages call the file.
  /// - Throws: `model`, for anything that is not a whole and undamaged container.
  public init(bytes: [UInt8], name: String) throws(BirchlogError) {
    let foreign = BirchlogError.model(
      "\(name) is not a Birchlog model; give a file that \"birchlog train\" wrote.")
    guard bytes.count >= 10, bytes[8] == UInt8(ascii: "{") else { throw foreign }
    let length = bytes.withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
    }
    guard length <= UInt64(Self.headerLimit) else { throw foreign }
    let truncated = BirchlogError.model(
      "\(name) is cut off or damaged; copy it again or train anew.")
    guard Int(length) <= bytes.count - 8 else { throw truncated }
    let headerRange = 8..<(8 + Int(length))
    let header: JSONObject
    do {
      guard let object = try JSONValue(parsing: Array(bytes[headerRange])).object else { throw foreign }
      header = object
    } catch {
      throw foreign
    }
    guard let metadata = header[Self.metadataKey]?.object,
      let stored = metadata[Self.checksumKey]?.string
    else { throw foreign }
    try Self.verify(bytes, header: headerRange, stored: stored, otherwise: truncated)

    var tensors: [StoredTensor] = []
    var end = 0
    for (key, value) in header.pairs where key != Self.metadataKey {
      let tensor = try Self.tensor(
        key, value, data: bytes, from: headerRange.upperBound, expectedOffset: end, otherwise: truncated)
      end += tensor.bytes.count
      tensors.append(tensor)
    }
    guard headerRange.upperBound + end == bytes.count else { throw truncated }
    var texts = metadata
    texts[Self.checksumKey] = nil
    self.init(metadata: texts, tensors: tensors)
  }

  /// The tensor of a name.
  public func tensor(_ name: String) -> StoredTensor? { tensors.first { $0.name == name } }

  private static func tensor(
    _ key: String, _ value: JSONValue, data: [UInt8], from start: Int, expectedOffset: Int,
    otherwise error: BirchlogError
  ) throws(BirchlogError) -> StoredTensor {
    guard let type = value["dtype"]?.string.flatMap(StoredTensor.ElementType.init(rawValue:)),
      let shape = value["shape"]?.array?.compactMap(\.int), shape.count == value["shape"]?.array?.count,
      let offsets = value["data_offsets"]?.array?.compactMap(\.int), offsets.count == 2,
      offsets[0] == expectedOffset, offsets[1] >= offsets[0], offsets[1] <= data.count - start
    else { throw error }
    var size = type.size
    for dimension in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      guard dimension >= 0, !overflow else { throw error }
      size = product
    }
    guard size == offsets[1] - offsets[0] else { throw error }
    return StoredTensor(
      name: key, type: type, shape: shape, bytes: Array(data[(start + offsets[0])..<(start + offsets[1])]))
  }

  private static func verify(
    _ bytes: [UInt8], header: Range<Int>, stored: String, otherwise error: BirchlogError
  ) throws(BirchlogError) {
    guard let digits = checksumRange(bytes, header: header), stored.utf8.count == digits.count else {
      throw error
    }
    var blank = bytes
    blank.replaceSubrange(digits, with: Array(noChecksum.utf8))
    guard hex(checksum(blank)) == stored else { throw error }
  }

  /// Where the eight digits stand: behind the first `"crc32":"` of the header.
  private static func checksumRange(_ bytes: [UInt8], header: Range<Int>) -> Range<Int>? {
    let needle = Array("\"\(checksumKey)\":\"".utf8)
    var start = header.lowerBound
    while start + needle.count + 8 <= header.upperBound {
      if bytes[start] == needle[0], bytes[start..<(start + needle.count)].elementsEqual(needle) {
        return (start + needle.count)..<(start + needle.count + 8)
      }
      start += 1
    }
    return nil
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBytes { buffer in
      let start = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
      return UInt32(truncatingIfNeeded: crc32_z(0, start, buffer.count))
    }
  }

  private static func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
