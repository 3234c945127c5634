import Birch

/// A clustering-feature tree behind the C interface; one thread at a time.
public final class Clusterer {
  private(set) var tree: CFTree

  /// An empty one. Options are JSON text, see `birchlog_clusterer_create`.
  public init(dimension: Int, options: String?) throws(BirchlogError) {
    let options = try ClustererOptions.tree(options)
    do {
      tree = try CFTree(dimension: dimension, options: options)
    } catch {
      throw .init(clustering: error)
    }
  }

  /// Restores what `serialised` gave.
  public init(serialised bytes: [UInt8]) throws(BirchlogError) {
    do {
      tree = try CFTree(serialised: bytes)
    } catch {
      throw .init(clustering: error)
    }
  }

  /// The number of columns.
  public var dimension: Int { tree.dimension }

  /// Inserts rows `[count, dimension]`, each with weight 1 or its own; all are checked first.
  public func insert(
    _ rows: UnsafeBufferPointer<Float>, weights: UnsafeBufferPointer<Double>?
  ) throws(BirchlogError) {
    try attempt { (tree) throws(BirchError) in try tree.insert(rows: rows, weights: weights) }
  }

  /// Inserts rows in double precision.
  public func insert(
    _ rows: UnsafeBufferPointer<Double>, weights: UnsafeBufferPointer<Double>?
  ) throws(BirchlogError) {
    try attempt { (tree) throws(BirchError) in try tree.insert(rows: rows, weights: weights) }
  }

  /// Inserts features, each as a unit that is never taken apart; all are checked first.
  public func insertFeatures(
    weights: UnsafeBufferPointer<Double>, deviations: UnsafeBufferPointer<Double>,
    means: UnsafeBufferPointer<Double>
  ) throws(BirchlogError) {
    try attempt { (tree) throws(BirchError) in
      var features: [ClusteringFeature] = []
      for index in weights.indices {
        let start = index * tree.dimension
        features.append(
          try ClusteringFeature(
            count: weights[index], mean: Array(means[start..<(start + tree.dimension)]),
            squaredDeviations: deviations[index]))
      }
      for feature in features { try tree.insert(feature) }
    }
  }

  /// Multiplies the weight of everything held by `factor`.
  public func age(by factor: Double) throws(BirchlogError) {
    try attempt { (tree) throws(BirchError) in try tree.age(by: factor) }
  }

  /// Adds everything another one holds.
  public func merge(_ other: Clusterer) throws(BirchlogError) {
    // A copy of the value: merging a tree into itself is defined.
    let source = other.tree
    try attempt { (tree) throws(BirchError) in try tree.merge(source) }
  }

  /// Ends a pass: places what is held back and tries outliers once more.
  public func finish() { tree.finish() }

  /// The clusters as of now; the tree stays as it is.
  public func clusters(
    options: String?, continuing previous: Clusters?
  ) throws(BirchlogError) -> Clusters {
    let options = try ClustererOptions.clustering(options)
    // Shares memory with the tree when that is finished, and copies it when it is not.
    var finished = tree
    finished.finish()
    do {
      return Clusters(try finished.clusters(options, continuing: previous?.clustering))
    } catch {
      throw .init(clustering: error)
    }
  }

  /// The tree as bytes.
  public func serialised() -> [UInt8] { tree.serialised() }

  /// How many features `writeFeatures` writes.
  public var featureCount: Int {
    let statistics = tree.statistics
    return statistics.leafEntries + statistics.outliers
  }

  /// Calls `body(weight, deviations, mean)` for each leaf entry, then for each candidate.
  public func forEachFeature(_ body: (Double, Double, [Double]) -> Void) {
    for feature in tree.leafEntries + tree.candidates {
      body(feature.count, feature.squaredDeviations, feature.mean)
    }
  }

  /// Counts and sizes.
  public var statistics: JSONValue {
    let statistics = tree.statistics
    let total = tree.total
    return .object([
      "dimension": .integer(Int64(tree.dimension)),
      "points": .integer(Int64(statistics.points)),
      "weight": .number(statistics.weight),
      "radius": .number(total.radius),
      "threshold": .number(statistics.threshold),
      "rebuilds": .integer(Int64(statistics.rebuilds)),
      "height": .integer(Int64(statistics.height)),
      "nodes": .integer(Int64(statistics.nodes)),
      "leaf_entries": .integer(Int64(statistics.leafEntries)),
      "outliers": .integer(Int64(statistics.outliers)),
      "delayed": .integer(Int64(statistics.delayed)),
      "bytes": .integer(Int64(statistics.bytes)),
      "peak_bytes": .integer(Int64(statistics.peakBytes)),
    ])
  }

  private func attempt(
    _ body: (inout CFTree) throws(BirchError) -> Void
  ) throws(BirchlogError) {
    do {
      try body(&tree)
    } catch {
      throw .init(clustering: error)
    }
  }
}

extension BirchlogError {
  /// An error of the clustering engine when the engine is what the user called.
  init(clustering error: BirchError) {
    switch error {
    case .dimensionMismatch, .lengthMismatch: self = .argument(error.message)
    case .unsupportedDimension, .tooManyEntries: self = .limit(error.message)
    case .valueOutOfRange, .invalidWeight, .invalidDeviations: self = .input(error.message)
    case .invalidOption, .memoryBudgetTooSmall: self = .option(error.message)
    case .malformedTree: self = .model(error.message)
    }
  }
}
