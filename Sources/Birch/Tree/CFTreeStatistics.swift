/// What a tree has seen and what it holds.
public struct CFTreeStatistics: Sendable, Equatable {
  /// The number of insertions.
  public var points = 0
  /// The total weight held: entries, outliers and delayed points, after ageing.
  public var weight = 0.0
  /// How often the tree was rebuilt with a larger threshold.
  public var rebuilds = 0
  /// The threshold in force; 0 while it is still to be derived.
  public var threshold = 0.0
  /// The number of nodes.
  public var nodes = 0
  /// The number of leaf entries.
  public var leafEntries = 0
  /// The number of entries set aside as outliers.
  public var outliers = 0
  /// The number of points held back until the next rebuild.
  public var delayed = 0
  /// The bytes in use for nodes and entries.
  public var bytes = 0
  /// The most bytes that were ever in use.
  public var peakBytes = 0
  /// The number of levels; 1 for a single leaf.
  public var height = 0
}
