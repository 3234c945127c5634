/// A clustering as bytes: entries with their cluster, ids, the curve and the lineage.
extension Clustering {
  private static let magic: UInt32 = 0x4C43_4342
  private static let version: UInt32 = 1

  /// The clustering as bytes. Equal clusterings give equal bytes.
  public func serialised() -> [UInt8] {
    var writer = ByteWriter()
    writer.write(Self.magic)
    writer.write(Self.version)
    writer.write(dimension)
    writer.write(threshold)
    writer.write(condensedCount)
    writer.write(nextID)
    writer.write(leafSizes)
    writer.write(clusters.map(\.id))
    writer.write(labels)
    for entry in entries {
      writer.write(entry.count)
      writer.write(entry.squaredDeviations)
      for value in entry.mean { writer.write(value) }
    }
    writer.write(curve.count)
    for point in curve {
      writer.write(point.clusterCount)
      for value in [
        point.height, point.relativeGap, point.simplifiedSilhouette, point.stability,
        point.evidence ?? .nan,
      ] { writer.write(value) }
    }
    for list in [lineage.kept, lineage.retired, lineage.born] { writer.write(list) }
    for divisions in [lineage.splits, lineage.merges] {
      writer.write(divisions.count)
      for division in divisions {
        writer.write(division.whole)
        writer.write(division.parts)
      }
    }
    return writer.bytes
  }

  /// Restores a clustering from `serialised()`. Throws `malformedTree` for any other bytes.
  public init(serialised bytes: [UInt8]) throws(BirchError) {
    var reader = ByteReader(bytes)
    guard try reader.readUInt32() == Self.magic, try reader.readUInt32() == Self.version else {
      throw .malformedTree(reason: "they are no clusters of this version")
    }
    let dimension = try reader.readInt()
    try FeatureCheck.dimension(dimension)
    let threshold = try reader.readDouble()
    let condensedCount = try reader.readInt()
    let nextID = try reader.readInt()
    let leafSizes = try reader.readInts()
    let ids = try reader.readInts()
    let labels = try reader.readInts()
    guard threshold >= 0, threshold.isFinite, condensedCount >= 0, nextID >= 0,
      nextID <= Int(Int32.max), Set(ids).count == ids.count,
      ids.allSatisfy({ (0..<nextID).contains($0) }),
      labels.allSatisfy(ids.indices.contains), Set(labels).count == ids.count,
      leafSizes.allSatisfy({ (0...labels.count).contains($0) }),
      leafSizes.reduce(0, &+) <= labels.count
    else { throw .malformedTree(reason: "counts or ids do not fit") }
    guard labels.count <= reader.remaining / 8 / (dimension + 2) else {
      throw .malformedTree(reason: "they end too early")
    }
    var entries: [ClusteringFeature] = []
    for _ in labels {
      let count = try reader.readDouble()
      let deviations = try reader.readDouble()
      var mean: [Double] = []
      for _ in 0..<dimension { mean.append(try reader.readDouble()) }
      entries.append(
        try ClusteringFeature(count: count, mean: mean, squaredDeviations: deviations))
    }
    let curve = try Self.readCurve(&reader)
    self.init(
      dimension: dimension, entries: entries, leafSizes: leafSizes,
      labels: Labels.numberedByFirstAppearance(labels), curve: curve,
      condensedCount: condensedCount, threshold: threshold)
    guard self.labels == labels else {
      throw .malformedTree(reason: "clusters are not in order")
    }
    for index in ids.indices { clusters[index].id = ids[index] }
    self.nextID = nextID
    lineage.kept = try reader.readInts()
    lineage.retired = try reader.readInts()
    lineage.born = try reader.readInts()
    lineage.splits = try Self.readDivisions(&reader)
    lineage.merges = try Self.readDivisions(&reader)
    guard reader.remaining == 0 else { throw .malformedTree(reason: "bytes follow their end") }
  }

  private static func readCurve(
    _ reader: inout ByteReader
  ) throws(BirchError) -> [ClusterCountPoint] {
    let count = try reader.readInt()
    guard count >= 0, count <= reader.remaining / 48 else {
      throw .malformedTree(reason: "the curve is longer than the bytes")
    }
    var curve: [ClusterCountPoint] = []
    for _ in 0..<count {
      let clusterCount = try reader.readInt()
      let height = try reader.readDouble()
      let gap = try reader.readDouble()
      let silhouette = try reader.readDouble()
      let stability = try reader.readDouble()
      let evidence = try reader.readDouble()
      guard [height, gap, silhouette, stability].allSatisfy(\.isFinite) else {
        throw .malformedTree(reason: "a figure of the curve is not a number")
      }
      curve.append(
        ClusterCountPoint(
          clusterCount: clusterCount, height: height, relativeGap: gap,
          simplifiedSilhouette: silhouette, stability: stability,
          evidence: evidence.isNaN ? nil : evidence))
    }
    return curve
  }

  private static func readDivisions(
    _ reader: inout ByteReader
  ) throws(BirchError) -> [ClusterLineage.Division] {
    let count = try reader.readInt()
    guard count >= 0, count <= reader.remaining / 16 else {
      throw .malformedTree(reason: "the lineage is longer than the bytes")
    }
    var divisions: [ClusterLineage.Division] = []
    for _ in 0..<count {
      divisions.append(.init(whole: try reader.readInt(), parts: try reader.readInts()))
    }
    return divisions
  }
}

extension ByteWriter {
  /// A list: its length and its numbers.
  mutating func write(_ values: [Int]) {
    write(values.count)
    for value in values { write(value) }
  }
}

extension ByteReader {
  mutating func readInts() throws(BirchError) -> [Int] {
    let count = try readInt()
    guard count >= 0, count <= remaining / 8 else {
      throw .malformedTree(reason: "a list is longer than the bytes")
    }
    var values: [Int] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try readInt()) }
    return values
  }
}
