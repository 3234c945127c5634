// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Birchlog
import CBirchlog

extension Arguments {
  /// An array of `count` × `width` numbers; NULL is allowed only when that is 0.
  fileprivate static func numbers<Number>(
    _ pointer: UnsafePointer<Number>?, _ count: Int, width: Int = 1, _ name: String
  ) throws(BirchlogError) -> UnsafeBufferPointer<Number> {
    let (total, overflow) = count.multipliedReportingOverflow(by: width)
    guard count >= 0, !overflow, total <= Int.max / 16 else {
      throw .limit("Argument \"count\" is \(UInt(bitPattern: count)), more than memory can hold.")
    }
    guard total > 0 else { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(start: try required(pointer, name), count: total)
  }

  /// The same for an array that may be left out.
  fileprivate static func optionalNumbers<Number>(
    _ pointer: UnsafePointer<Number>?, _ count: Int, _ name: String
  ) throws(BirchlogError) -> UnsafeBufferPointer<Number>? {
    guard let pointer else { return nil }
    return try numbers(pointer, count, name)
  }

  fileprivate static func serialised(
    _ bytes: UnsafePointer<UInt8>?, _ length: Int
  ) throws(BirchlogError) -> [UInt8] {
    Array(
      try self.bytes(
        bytes, length, "bytes", limit: BIRCHLOG_MAX_BUFFER_LENGTH, "BIRCHLOG_MAX_BUFFER_LENGTH"))
  }
}

// MARK: - Pictures

@c @implementation
public func birchlog_embed(
  _ points: UnsafePointer<Float>!, _ count: Int, _ dimension: Int,
  _ places: UnsafeMutablePointer<Double>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    guard count >= 0, count <= PlaneEmbedding.pointLimit else {
      throw .limit(
        "Argument \"count\" is \(UInt(bitPattern: count)); \(PlaneEmbedding.pointLimit) points can be placed at most."
      )
    }
    guard dimension > 0, dimension <= 1 << 20 else {
      throw .limit("Argument \"dimension\" must be a number from 1 to 1048576.")
    }
    let rows = try Arguments.numbers(points, count, width: dimension, "points")
    guard count > 0 else { return }
    let output = try Arguments.required(places, "places")
    for (index, value) in try PlaneEmbedding.places(rows, dimension: dimension).enumerated() {
      output[index] = value
    }
  }
}

// MARK: - Clusterer

@c @implementation
public func birchlog_clusterer_create(
  _ options: UnsafePointer<CChar>!, _ dimension: Int,
  _ clusterer: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let output = try Arguments.required(clusterer, "clusterer")
    output.pointee = Handle.make(
      try Clusterer(dimension: dimension, options: Arguments.options(options)))
  }
}

@c @implementation
public func birchlog_clusterer_insert_float(
  _ clusterer: OpaquePointer!, _ points: UnsafePointer<Float>!, _ count: Int,
  _ weights: UnsafePointer<Double>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let clusterer: Clusterer = try Handle.object(clusterer, "clusterer")
    let rows = try Arguments.numbers(points, count, width: clusterer.dimension, "points")
    try clusterer.insert(
      rows, weights: Arguments.optionalNumbers(weights, count, "weights"))
  }
}

@c @implementation
public func birchlog_clusterer_insert_double(
  _ clusterer: OpaquePointer!, _ points: UnsafePointer<Double>!, _ count: Int,
  _ weights: UnsafePointer<Double>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let clusterer: Clusterer = try Handle.object(clusterer, "clusterer")
    let rows = try Arguments.numbers(points, count, width: clusterer.dimension, "points")
    try clusterer.insert(
      rows, weights: Arguments.optionalNumbers(weights, count, "weights"))
  }
}

@c @implementation
public func birchlog_clusterer_insert_features(
  _ clusterer: OpaquePointer!, _ weights: UnsafePointer<Double>!,
  _ deviations: UnsafePointer<Double>!, _ means: UnsafePointer<Double>!, _ count: Int
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let clusterer: Clusterer = try Handle.object(clusterer, "clusterer")
    try clusterer.insertFeatures(
      weights: Arguments.numbers(weights, count, "weights"),
      deviations: Arguments.numbers(deviations, count, "deviations"),
      means: Arguments.numbers(means, count, width: clusterer.dimension, "means"))
  }
}

@c @implementation
public func birchlog_clusterer_age(_ clusterer: OpaquePointer!, _ factor: Double)
  -> birchlog_status
{
  guarded { () throws(BirchlogError) in
    let clusterer: Clusterer = try Handle.object(clusterer, "clusterer")
    try clusterer.age(by: factor)
  }
}

@c @implementation
public func birchlog_clusterer_merge(_ clusterer: OpaquePointer!, _ other: OpaquePointer!)
  -> birchlog_status
{
  guarded { () throws(BirchlogError) in
    let clusterer: Clusterer = try Handle.object(clusterer, "clusterer")
    try clusterer.merge(try Handle.object(other, "other"))
  }
}

@c @implementation
public func birchlog_clusterer_finish(_ clusterer: OpaquePointer!) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let clusterer: Clusterer = try Handle.object(clusterer, "clusterer")
    clusterer.finish()
  }
}

@c @implementation
public func birchlog_clusterer_features(
  _ clusterer: OpaquePointer!, _ weights: UnsafeMutablePointer<Double>!,
  _ deviations: UnsafeMutablePointer<Double>!, _ means: UnsafeMutablePointer<Double>!,
  _ capacity: Int, _ count: UnsafeMutablePointer<Int>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let clusterer: Clusterer = try Handle.object(clusterer, "clusterer")
    let output = try Arguments.required(count, "count")
    let total = clusterer.featureCount
    output.pointee = total
    guard capacity >= total else { return }
    var index = 0
    clusterer.forEachFeature { weight, deviation, mean in
      weights?[index] = weight
      deviations?[index] = deviation
      if let means { (means + index * mean.count).update(from: mean, count: mean.count) }
      index += 1
    }
  }
}

@c @implementation
public func birchlog_clusterer_statistics(
  _ clusterer: OpaquePointer!, _ json: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let clusterer: Clusterer = try Handle.object(clusterer, "clusterer")
    let output = try Arguments.required(json, "json")
    output.pointee = Handle.make(Text(clusterer.statistics.text))
  }
}

@c @implementation
public func birchlog_clusterer_serialise(
  _ clusterer: OpaquePointer!, _ bytes: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let clusterer: Clusterer = try Handle.object(clusterer, "clusterer")
    let output = try Arguments.required(bytes, "bytes")
    output.pointee = Handle.make(Text(bytes: clusterer.serialised()))
  }
}

@c @implementation
public func birchlog_clusterer_restore(
  _ bytes: UnsafePointer<UInt8>!, _ length: Int,
  _ clusterer: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let output = try Arguments.required(clusterer, "clusterer")
    output.pointee = Handle.make(
      try Clusterer(serialised: Arguments.serialised(bytes, length)))
  }
}

@c @implementation
public func birchlog_clusterer_free(_ clusterer: OpaquePointer!) {
  Handle.free(clusterer, as: Clusterer.self)
}

// MARK: - Clusters

@c @implementation
public func birchlog_clusterer_cluster(
  _ clusterer: OpaquePointer!, _ options: UnsafePointer<CChar>!, _ previous: OpaquePointer!,
  _ clusters: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let clusterer: Clusterer = try Handle.object(clusterer, "clusterer")
    let output = try Arguments.required(clusters, "clusters")
    var before: Clusters?
    if previous != nil { before = try Handle.object(previous, "previous") }
    output.pointee = Handle.make(
      try clusterer.clusters(options: Arguments.options(options), continuing: before))
  }
}

@c @implementation
public func birchlog_clusters_count(_ clusters: OpaquePointer!) -> Int {
  let clusters: Clusters? = try? Handle.object(clusters, "clusters")
  return clusters?.count ?? 0
}

@c @implementation
public func birchlog_clusters_features(
  _ clusters: OpaquePointer!, _ ids: UnsafeMutablePointer<Int32>!,
  _ weights: UnsafeMutablePointer<Double>!, _ deviations: UnsafeMutablePointer<Double>!,
  _ means: UnsafeMutablePointer<Double>!, _ capacity: Int, _ count: UnsafeMutablePointer<Int>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let clusters: Clusters = try Handle.object(clusters, "clusters")
    let output = try Arguments.required(count, "count")
    output.pointee = clusters.count
    guard capacity >= clusters.count else { return }
    var index = 0
    clusters.forEachFeature { id, weight, deviation, mean in
      ids?[index] = Int32(truncatingIfNeeded: id)
      weights?[index] = weight
      deviations?[index] = deviation
      if let means { (means + index * mean.count).update(from: mean, count: mean.count) }
      index += 1
    }
  }
}

@c @implementation
public func birchlog_clusters_describe(
  _ clusters: OpaquePointer!, _ json: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let clusters: Clusters = try Handle.object(clusters, "clusters")
    let output = try Arguments.required(json, "json")
    output.pointee = Handle.make(Text(clusters.describe().text))
  }
}

@c @implementation
public func birchlog_clusters_predict_float(
  _ clusters: OpaquePointer!, _ points: UnsafePointer<Float>!, _ count: Int,
  _ options: UnsafePointer<CChar>!, _ ids: UnsafeMutablePointer<Int32>!,
  _ distances: UnsafeMutablePointer<Double>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let clusters: Clusters = try Handle.object(clusters, "clusters")
    let rows = try Arguments.numbers(points, count, width: clusters.dimension, "points")
    try clusters.predict(rows, options: Arguments.options(options)) { point, id, distance in
      ids?[point] = Int32(truncatingIfNeeded: id)
      distances?[point] = distance
    }
  }
}

@c @implementation
public func birchlog_clusters_predict_double(
  _ clusters: OpaquePointer!, _ points: UnsafePointer<Double>!, _ count: Int,
  _ options: UnsafePointer<CChar>!, _ ids: UnsafeMutablePointer<Int32>!,
  _ distances: UnsafeMutablePointer<Double>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let clusters: Clusters = try Handle.object(clusters, "clusters")
    let rows = try Arguments.numbers(points, count, width: clusters.dimension, "points")
    try clusters.predict(rows, options: Arguments.options(options)) { point, id, distance in
      ids?[point] = Int32(truncatingIfNeeded: id)
      distances?[point] = distance
    }
  }
}

@c @implementation
public func birchlog_clusters_serialise(
  _ clusters: OpaquePointer!, _ bytes: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let clusters: Clusters = try Handle.object(clusters, "clusters")
    let output = try Arguments.required(bytes, "bytes")
    output.pointee = Handle.make(Text(bytes: clusters.serialised()))
  }
}

@c @implementation
public func birchlog_clusters_restore(
  _ bytes: UnsafePointer<UInt8>!, _ length: Int,
  _ clusters: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let output = try Arguments.required(clusters, "clusters")
    output.pointee = Handle.make(try Clusters(serialised: Arguments.serialised(bytes, length)))
  }
}

@c @implementation
public func birchlog_clusters_free(_ clusters: OpaquePointer!) {
  Handle.free(clusters, as: Clusters.self)
}
