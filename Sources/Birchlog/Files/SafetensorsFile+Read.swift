extension SafetensorsFile {
  /// Memory in bytes that a header may cost beyond its strings: enough for 2,500 tensors.
  private static let headerBudget = 4 << 20

  /// Reads a file's bytes and checks everything before it believes it.
  ///
  /// Takes memory in proportion to the file, whatever its header claims.
  ///
  /// - Parameter name: what the messages call the file.
  /// - Throws: `model`, for anything that is not a whole and undamaged container of Birchlog's.
  public init(bytes: [UInt8], name: String) throws(BirchlogError) {
    guard !bytes.isEmpty else {
      throw .model("\(name) is empty; give a file that \"birchlog train\" wrote.")
    }
    let foreign = BirchlogError.model(
      "\(name) is not a Birchlog model; give a file that \"birchlog train\" wrote.")
    let damaged = BirchlogError.model(
      "\(name) is cut off or damaged; copy it again or train anew.")
    let header = try Self.headerRange(of: bytes, foreign: foreign, damaged: damaged)
    guard let checksum = SafetensorsChecksum(bytes, header: header) else { throw foreign }
    guard bytes[checksum.digits].elementsEqual(checksum.text.utf8) else { throw damaged }

    let document: JSONValue
    do {
      document = try JSONValue(parsing: Array(bytes[header]), budget: Self.headerBudget)
    } catch {
      throw foreign
    }
    guard let entries = document.object, var metadata = entries[Self.metadataKey]?.object,
      metadata.pairs.allSatisfy({ $0.value.string != nil })
    else { throw foreign }
    metadata[SafetensorsChecksum.key] = nil

    var tensors: [StoredTensor] = []
    var rest = bytes[header.upperBound...]
    for (key, entry) in entries.pairs where key != Self.metadataKey {
      let offset = bytes.count - header.upperBound - rest.count
      guard let tensor = Self.tensor(key, entry, at: offset, in: rest) else { throw damaged }
      rest = rest.dropFirst(tensor.bytes.count)
      tensors.append(tensor)
    }
    guard rest.isEmpty else { throw damaged }
    self.init(metadata: metadata, tensors: tensors)
  }

  private static func headerRange(
    of bytes: [UInt8], foreign: BirchlogError, damaged: BirchlogError
  ) throws(BirchlogError) -> Range<Int> {
    guard bytes.count >= 10, bytes[8] == UInt8(ascii: "{") else { throw foreign }
    let length = bytes.withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
    }
    guard length >= 2, length <= UInt64(headerLimit) else { throw foreign }
    guard Int(length) <= bytes.count - 8 else { throw damaged }
    return 8..<(8 + Int(length))
  }

  /// The tensor that an entry describes; nil unless it lies at the front of `data`, which begins
  /// `offset` bytes behind the header, and its shape fits its bytes.
  private static func tensor(
    _ name: String, _ entry: JSONValue, at offset: Int, in data: ArraySlice<UInt8>
  ) -> StoredTensor? {
    guard let type = entry["dtype"]?.string.flatMap(StoredTensor.ElementType.init(rawValue:)),
      let shape = numbers(entry["shape"]), shape.allSatisfy({ $0 >= 0 }),
      let offsets = numbers(entry["data_offsets"]), offsets.count == 2, offsets[0] == offset
    else { return nil }
    var size = type.size
    for extent in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      size = product
    }
    let (end, overflow) = offset.addingReportingOverflow(size)
    guard !overflow, end == offsets[1], size <= data.count else { return nil }
    return StoredTensor(name: name, type: type, shape: shape, bytes: Array(data.prefix(size)))
  }

  private static func numbers(_ json: JSONValue?) -> [Int]? {
    guard let values = json?.array else { return nil }
    let numbers = values.compactMap(\.int)
    return numbers.count == values.count ? numbers : nil
  }
}
