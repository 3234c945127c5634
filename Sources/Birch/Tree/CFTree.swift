import Glibc

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
  /// What the rows hold for a weight of 1: it grows as the tree ages, and the rows stay untouched.
  var pointWeight = 1.0
  /// False while points are collected to derive the first threshold from.
  var isThresholdSettled: Bool
  /// The factor by which `pointWeight` grows with each insertion.
  let growthPerPoint: Double
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
    growthPerPoint = options.halfLife.map { exp2(1 / $0) } ?? 1
  }

  /// Takes storage of its own before the first write to one that another tree shares.
  mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) {
      storage = storage.copy()
    }
  }
}
