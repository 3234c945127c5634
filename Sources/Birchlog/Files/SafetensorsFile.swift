/// The safetensors container: eight bytes of header length, a JSON header, raw tensors.
///
/// Beyond the format, `__metadata__` holds `crc32`: eight hex digits of the CRC-32 of the whole
/// file with these digits as zeros. Nothing follows the last tensor, and the tensors begin at a
/// multiple of eight bytes. Source: the safetensors format description, version 0.4.
public struct SafetensorsFile: Sendable, Equatable {
  /// The texts of `__metadata__`, without the checksum.
  public var metadata: JSONObject
  /// The tensors in the order of their bytes; their names differ.
  public var tensors: [StoredTensor]

  static let metadataKey = "__metadata__"
  /// Longest header that is read, in bytes.
  static let headerLimit = 64 << 20

  /// - Parameter metadata: texts only, as the format asks.
  public init(metadata: JSONObject, tensors: [StoredTensor]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// The tensor of a name.
  public func tensor(_ name: String) -> StoredTensor? { tensors.first { $0.name == name } }

  /// The file's bytes; the same content always gives the same.
  public func bytes() -> [UInt8] {
    var metadata = metadata
    metadata[SafetensorsChecksum.key] = .string(SafetensorsChecksum.blank)
    var header: JSONObject = [Self.metadataKey: .object(metadata)]
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.bytes.count
      header[tensor.name] = .object([
        "dtype": .string(tensor.type.rawValue),
        "shape": .array(tensor.shape.map { .integer(Int64($0)) }),
        "data_offsets": .array([.integer(Int64(offset)), .integer(Int64(end))]),
      ])
      offset = end
    }
    var text = Array(JSONValue.object(header).text.utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + text.count + offset)
    withUnsafeBytes(of: UInt64(text.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes += text
    for tensor in tensors { bytes += tensor.bytes }
    if let checksum = SafetensorsChecksum(bytes, header: 8..<(8 + text.count)) {
      bytes.replaceSubrange(checksum.digits, with: Array(checksum.text.utf8))
    }
    return bytes
  }
}
