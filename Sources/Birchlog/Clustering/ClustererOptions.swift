import Birch

/// The options of the three calls of the clustering engine.
enum ClustererOptions {
  /// The default of "memory", in bytes.
  static let defaultMemory = 64 << 20

  static func tree(_ json: String?) throws(BirchlogError) -> CFTreeOptions {
    var defaults = CFTreeOptions()
    defaults.memoryBudget = defaultMemory
    return try treeTable.read(json, into: defaults)
  }

  static func clustering(_ json: String?) throws(BirchlogError) -> ClusteringOptions {
    try clusteringTable.read(json, into: ClusteringOptions())
  }

  static func prediction(_ json: String?) throws(BirchlogError) -> PredictionOptions {
    try predictionTable.read(json, into: PredictionOptions())
  }

  struct PredictionOptions: Sendable {
    var search = Clustering.Search.exact
    var limit = Clustering.Limit.none
  }

  private static let treeTable = ClustererOptionTable<CFTreeOptions>(fields: [
    .optionalNumber("threshold", 0...1e100, \.threshold),
    .integer("branching", 2...4096, \.branchingFactor),
    .integer("leaf_capacity", 2...4096, \.leafCapacity),
    .choice("distance", \.distance),
    .choice("absorption", \.absorption),
    .optionalNumber("reach", 0...1e100, \.reachLimit),
    .init(
      key: "memory", expected: "null or a whole number of bytes",
      read: { value, target in
        if value == .null {
          target.memoryBudget = nil
          return true
        }
        guard let bytes = value.int, bytes >= 0 else { return false }
        target.memoryBudget = bytes
        return true
      }),
    .flag("merging_refinement", \.mergingRefinement),
    .flag("delay_split", \.delaySplit),
    .number("outlier_fraction", 0...1, \.outlierWeightFraction),
    .number("outlier_memory", 0...0.5, \.outlierMemoryShare),
    .integer("warm_up", 2...10_000_000, \.warmUpEntries),
    .optionalNumber("half_life", 1...1e100, \.halfLife),
  ])

  private static let clusteringTable = ClustererOptionTable<ClusteringOptions>(fields: [
    .choice("method", \.method),
    .choice("entry_weights", \.entryWeights),
    .init(
      key: "clusters", expected: "\"auto\" or a whole number of at least 1",
      read: { value, target in
        if value.string == "auto" {
          target.selection = .automatic
        } else if let count = value.int, count >= 1 {
          target.selection = .count(count)
        } else {
          return false
        }
        return true
      }),
    .init(
      key: "cut", expected: "a number of at least 0",
      read: { value, target in
        guard let height = value.double, (0...1e100).contains(height) else { return false }
        target.selection = .distance(height)
        return true
      }),
    .integer("max_entries", 2...100_000, \.entryLimit),
    .integer("max_clusters", 1...4096, \.largestCount),
    .integer("refine", 0...1000, \.refinementPasses),
    .integer("shuffles", 0...1000, \.shuffles),
    .integer("restarts", 0...1000, \.restarts),
    .init(
      key: "seed", expected: "a whole number of at least 0",
      read: { value, target in
        guard let seed = value.int, seed >= 0 else { return false }
        target.seed = UInt64(seed)
        return true
      }),
  ])

  private static let predictionTable = ClustererOptionTable<PredictionOptions>(fields: [
    .choice("search", \.search),
    .init(
      key: "limit", expected: "null, \"auto\" or a number of at least 0",
      read: { value, target in
        if value == .null {
          target.limit = .none
        } else if value.string == "auto" {
          target.limit = .automatic
        } else if let distance = value.double, distance >= 0 {
          target.limit = .distance(distance)
        } else {
          return false
        }
        return true
      }),
  ])
}
