import Birch

/// Clusters behind the C interface; never change, so that threads share them.
public final class Clusters: Sendable {
  let clustering: Clustering

  init(_ clustering: Clustering) {
    self.clustering = clustering
  }

  /// Restores what `serialised` gave.
  public init(serialised bytes: [UInt8]) throws(BirchlogError) {
    do {
      clustering = try Clustering(serialised: bytes)
    } catch {
      throw .init(clustering: error)
    }
  }

  /// The number of columns.
  public var dimension: Int { clustering.dimension }

  /// The number of clusters.
  public var count: Int { clustering.clusters.count }

  /// The clusters as bytes.
  public func serialised() -> [UInt8] { clustering.serialised() }

  /// Calls `body(id, weight, deviations, mean)` for each cluster, the heaviest first.
  public func forEachFeature(_ body: (Int, Double, Double, [Double]) -> Void) {
    for cluster in clustering.clusters {
      let feature = cluster.feature
      body(cluster.id, feature.count, feature.squaredDeviations, feature.mean)
    }
  }

  /// Calls `body(point, id, distance)` for each row of `[count, dimension]`; −1 is near no cluster.
  public func predict(
    _ rows: UnsafeBufferPointer<Float>, options: String?, _ body: (Int, Int, Double) -> Void
  ) throws(BirchlogError) {
    let options = try ClustererOptions.prediction(options)
    do {
      try clustering.predict(rows, search: options.search, limit: options.limit) {
        body($0, id($1), $2)
      }
    } catch {
      throw .init(clustering: error)
    }
  }

  /// The same in double precision.
  public func predict(
    _ rows: UnsafeBufferPointer<Double>, options: String?, _ body: (Int, Int, Double) -> Void
  ) throws(BirchlogError) {
    let options = try ClustererOptions.prediction(options)
    do {
      try clustering.predict(rows, search: options.search, limit: options.limit) {
        body($0, id($1), $2)
      }
    } catch {
      throw .init(clustering: error)
    }
  }

  private func id(_ cluster: Int) -> Int {
    cluster < 0 ? -1 : clustering.clusters[cluster].id
  }

  /// The clusters, the curve behind their number, and how they continue earlier ones.
  public func describe() -> JSONValue {
    let clusters = clustering.clusters.map { cluster -> JSONValue in
      .object([
        "id": .integer(Int64(cluster.id)),
        "weight": .number(cluster.feature.count),
        "radius": .number(cluster.feature.radius),
        "diameter": .number(cluster.feature.diameter),
        "entries": .integer(Int64(cluster.entryCount)),
      ])
    }
    let curve = clustering.curve.map { point -> JSONValue in
      .object([
        "clusters": .integer(Int64(point.clusterCount)),
        "height": .number(point.height),
        "gap": .number(point.relativeGap),
        "silhouette": .number(point.simplifiedSilhouette),
        "stability": .number(point.stability),
      ])
    }
    let lineage = clustering.lineage
    return .object([
      "dimension": .integer(Int64(dimension)),
      "threshold": .number(clustering.threshold),
      "entries": .integer(Int64(clustering.labels.count)),
      "condensed": .integer(Int64(clustering.condensedCount)),
      "clusters": .array(clusters),
      "curve": .array(curve),
      "lineage": .object([
        "kept": Self.list(lineage.kept),
        "splits": Self.divisions(lineage.splits, "from", "into"),
        "merges": Self.divisions(lineage.merges, "into", "from"),
        "retired": Self.list(lineage.retired),
        "born": Self.list(lineage.born),
      ]),
    ])
  }

  private static func list(_ ids: [Int]) -> JSONValue {
    .array(ids.map { .integer(Int64($0)) })
  }

  private static func divisions(
    _ divisions: [ClusterLineage.Division], _ whole: String, _ parts: String
  ) -> JSONValue {
    .array(
      divisions.map {
        .object([whole: .integer(Int64($0.whole)), parts: list($0.parts)])
      })
  }
}
