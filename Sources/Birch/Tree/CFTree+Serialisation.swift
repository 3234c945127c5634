/// A tree as bytes: the exact tree, so that one that is restored goes on as if it had never stopped.
///
/// Little-endian: magic and version, options, counters, then nodes from the root (level, count, and
/// for each entry weight, squared deviations, mean; children follow their node), outliers and
/// delayed points.
extension CFTree {
  private static let magic: UInt32 = 0x5446_4342
  private static let version: UInt32 = 2
  /// More levels than points of any length can make: where each point lies nearer to the next than to
  /// those before, every split may leave one entry behind, and a tree of two children a node gains a
  /// level with every point.
  private static let deepest = 4096

  /// The tree as bytes. Equal trees give equal bytes.
  public func serialised() -> [UInt8] {
    var writer = ByteWriter()
    writer.write(Self.magic)
    writer.write(Self.version)
    writer.write(dimension)
    write(options, to: &writer)
    writer.write(threshold)
    writer.write(pointWeight)
    writer.write(UInt8(isThresholdSettled ? 1 : 0))
    writer.write(UInt8(isFinished ? 1 : 0))
    writer.write(points)
    writer.write(rebuilds)
    writeNodes(to: &writer)
    for list in [outliers, delayed] {
      writer.write(list.count)
      for row in list { write(row: row, to: &writer) }
    }
    return writer.bytes
  }

  /// Restores a tree from `serialised()`.
  ///
  /// Throws `malformedTree` for bytes of another origin, cut off, or inconsistent; takes at most
  /// 64 bytes for each of them and 1 MB.
  public init(serialised bytes: [UInt8]) throws(BirchError) {
    var reader = ByteReader(bytes)
    guard try reader.readUInt32() == Self.magic else {
      throw .malformedTree(reason: "they do not start with its mark")
    }
    guard try reader.readUInt32() == Self.version else {
      throw .malformedTree(reason: "they are of another version")
    }
    let dimension = try reader.readInt()
    let options = try Self.readOptions(&reader)
    try self.init(dimension: dimension, options: options)
    threshold = try reader.readDouble()
    guard threshold >= 0, threshold.isFinite else {
      throw .malformedTree(reason: "the threshold is not a length")
    }
    pointWeight = try reader.readDouble()
    guard pointWeight >= 1, pointWeight <= Self.largestPointWeight else {
      throw .malformedTree(reason: "the weight of a point is out of range")
    }
    isThresholdSettled = try reader.readByte() != 0
    let wasFinished = try reader.readByte() != 0
    points = try reader.readInt()
    rebuilds = try reader.readInt()
    guard points >= 0, rebuilds >= 0, points < Int.max / 2, rebuilds < Int.max / 2 else {
      throw .malformedTree(reason: "a counter is out of range")
    }
    storage.free(node: root)
    try readNodes(&reader, memoryLimit: 64 * bytes.count + (1 << 20))
    outliers = try readRows(&reader)
    delayed = try readRows(&reader)
    guard reader.remaining == 0 else { throw .malformedTree(reason: "bytes follow its end") }
    if wasFinished {
      numberEntries()
      isFinished = true
    }
  }

  private func write(row number: Int32, to writer: inout ByteWriter) {
    let row = storage.row(number)
    for index in 0..<(dimension + 2) { writer.write(row[index]) }
  }

  private func writeNodes(to writer: inout ByteWriter) {
    var pending = [root]
    while let node = pending.popLast() {
      let count = storage.count(node)
      writer.write(UInt32(bitPattern: storage.level(node)))
      writer.write(UInt32(truncatingIfNeeded: count))
      let rows = storage.rows(node)
      for index in 0..<count { write(row: rows[index], to: &writer) }
      guard storage.level(node) > 0 else { continue }
      let children = storage.children(node)
      for index in stride(from: count - 1, through: 0, by: -1) { pending.append(children[index]) }
    }
  }

  private mutating func readRow(_ reader: inout ByteReader) throws(BirchError) -> Int32 {
    // Checked before the row is taken, so that memory follows the bytes that are really there.
    guard reader.remaining / 8 >= dimension + 2 else {
      throw .malformedTree(reason: "they end too early")
    }
    let number = storage.allocateRow()
    let row = storage.row(number)
    for index in 0..<(dimension + 2) { row[index] = try reader.readDouble() }
    // Sums of allowed weights and products of allowed values: wider than what a point may have.
    guard row[0] >= BirchLimits.weight.lowerBound, row[0] < 1e100, row[1] >= 0, row[1].isFinite
    else {
      throw .malformedTree(reason: "a feature has no valid weight or deviations")
    }
    for index in 0..<dimension where !(abs(row[index + 2]) <= 2 * BirchLimits.magnitude) {
      throw .malformedTree(reason: "a mean is not a number in range")
    }
    return number
  }

  private mutating func readRows(_ reader: inout ByteReader) throws(BirchError) -> [Int32] {
    let count = try reader.readInt()
    guard count >= 0, count <= reader.remaining / 8 / (dimension + 2) else {
      throw .malformedTree(reason: "a list is longer than the bytes")
    }
    var rows: [Int32] = []
    for _ in 0..<count { rows.append(try readRow(&reader)) }
    return rows
  }

  /// Reads all nodes. Without recursion: the bytes say how deep the tree is.
  private mutating func readNodes(
    _ reader: inout ByteReader, memoryLimit: Int
  ) throws(BirchError) {
    root = try readNode(&reader, expectedLevel: nil, memoryLimit: memoryLimit)
    var unread = [(node: root, next: 0)]
    while let (node, next) = unread.last {
      guard storage.level(node) > 0, next < storage.count(node) else {
        unread.removeLast()
        continue
      }
      let child = try readNode(
        &reader, expectedLevel: storage.level(node) - 1, memoryLimit: memoryLimit)
      storage.children(node)[next] = child
      unread[unread.count - 1].next = next + 1
      unread.append((child, 0))
    }
  }

  private mutating func readNode(
    _ reader: inout ByteReader, expectedLevel: Int32?, memoryLimit: Int
  ) throws(BirchError) -> Int32 {
    let level = Int32(truncatingIfNeeded: try reader.readUInt32())
    let count = Int(try reader.readUInt32())
    guard level >= 0, level < Self.deepest, level == expectedLevel ?? level else {
      throw .malformedTree(reason: "a node stands at the wrong level")
    }
    let limit = level == 0 ? options.leafCapacity : options.branchingFactor
    // Only a root that is a leaf may be empty.
    guard count <= limit, count > 0 || (level == 0 && expectedLevel == nil) else {
      throw .malformedTree(reason: "a node has an impossible number of entries")
    }
    let node = storage.allocateNode(level: level)
    guard storage.bytes <= memoryLimit else {
      throw .malformedTree(reason: "its nodes are all but empty")
    }
    for _ in 0..<count {
      storage.append(try readRow(&reader), child: -1, to: node)
    }
    if level == 0 { leafEntryCount += count }
    return node
  }
}
