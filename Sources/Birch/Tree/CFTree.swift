/// A clustering-feature tree: one pass over any number of points, in bounded memory.
///
/// BIRCH of Zhang, Ramakrishnan & Livny 1996 with the features of BETULA (Lang & Schubert 2020).
/// Beyond the 1996 algorithm an entry has a bounded reach (`CFTreeOptions.reachLimit`), and entries
/// set aside as outliers are kept and reported as `candidates`: no weight is ever lost. The tree is
/// a value; the same points in the same order give the same tree.
public struct CFTree: Sendable {
  /// The number of columns.
  public let dimension: Int
  /// The options the tree was made with.
  public let options: CFTreeOptions

  var storage: TreeStorage
  var root: Int32
  /// The row into which the next point is written. An added point keeps it; then a new one is taken.
  var incoming: Int32
  /// Inner nodes on the way from the root, with the child taken.
  var path: [PathStep] = []
  var threshold: Double
  /// False while points are collected to derive the first threshold from.
  var isThresholdSettled: Bool
  var leafEntryCount = 0
  var outliers: [Int32] = []
  var delayed: [Int32] = []
  var points = 0
  var rebuilds = 0
  /// True from `finish` to the next change: leaf entries are numbered and nothing is pending.
  var isFinished = false

  struct PathStep: Sendable {
    var node: Int32
    var index: Int
  }

  /// An empty tree.
  ///
  /// Throws where an option is out of range or the budget holds less than one full leaf.
  public init(dimension: Int, options: CFTreeOptions = CFTreeOptions()) throws(BirchError) {
    try options.validate(dimension: dimension)
    self.dimension = dimension
    self.options = options
    storage = TreeStorage(dimension: dimension, capacity: options.nodeCapacity)
    root = storage.allocateNode(level: 0)
    incoming = storage.allocateRow()
    threshold = options.threshold ?? 0
    isThresholdSettled = options.threshold != nil
  }

  /// Adds one point, or `weight` equal points.
  ///
  /// O(height × branching × dimension), no allocation unless the tree grows. Throws for another
  /// dimension, a value or a weight out of range, and leaves the tree as it was.
  public mutating func insert(
    _ point: UnsafeBufferPointer<Double>, weight: Double = 1
  ) throws(BirchError) {
    guard point.count == dimension, let base = point.baseAddress else {
      throw .dimensionMismatch(expected: dimension, found: point.count)
    }
    try FeatureCheck.point(point)
    try FeatureCheck.weight(weight)
    insert(count: weight, deviations: 0, mean: base)
  }

  /// Adds one point, or `weight` equal points.
  public mutating func insert(_ point: [Double], weight: Double = 1) throws(BirchError) {
    try point.withUnsafeBufferPointer { (buffer) throws(BirchError) in
      try insert(buffer, weight: weight)
    }
  }

  /// Adds the rows of a matrix `[count, dimension]`, in order, each with weight 1.
  ///
  /// All rows are checked before the first is added.
  public mutating func insert(rows: UnsafeBufferPointer<Double>) throws(BirchError) {
    guard rows.count % dimension == 0 else {
      throw .dimensionMismatch(expected: dimension, found: rows.count % dimension)
    }
    for start in stride(from: 0, to: rows.count, by: dimension) {
      try FeatureCheck.point(UnsafeBufferPointer(rebasing: rows[start..<(start + dimension)]))
    }
    guard let base = rows.baseAddress else { return }
    for start in stride(from: 0, to: rows.count, by: dimension) {
      insert(count: 1, deviations: 0, mean: base + start)
    }
  }

  /// Adds the points of a feature as one unit that is never taken apart.
  public mutating func insert(_ feature: ClusteringFeature) throws(BirchError) {
    guard feature.dimension == dimension else {
      throw .dimensionMismatch(expected: dimension, found: feature.dimension)
    }
    try FeatureCheck.weight(feature.count)
    feature.mean.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      insert(count: feature.count, deviations: feature.squaredDeviations, mean: base)
    }
  }

  /// Multiplies all weights by `factor`, so that older points count less than those to come.
  ///
  /// Means, radii and the shape of the tree stay. Throws unless 0 < factor ≤ 1.
  public mutating func age(by factor: Double) throws(BirchError) {
    guard factor > 0, factor <= 1 else {
      throw .invalidOption(name: "factor", reason: "must be above 0 and at most 1")
    }
    makeUnique()
    forEachRow { row in
      let scaled = ClusteringFeature.clampedWeight(row[0] * factor)
      row[1] *= scaled / row[0]
      row[0] = scaled
    }
  }

  private mutating func insert(count: Double, deviations: Double, mean: UnsafePointer<Double>) {
    makeUnique()
    isFinished = false
    points += 1
    storage.write(count, deviations, mean, to: incoming)
    accept()
  }

  /// Takes storage of its own before the first write to one that another tree shares.
  mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) {
      storage = storage.copy()
    }
  }
}
