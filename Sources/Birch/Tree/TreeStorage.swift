import SIMDKernels

/// The memory of a tree: fixed-size rows for features and fixed-size lists for nodes, in pages.
///
/// All unsafe memory of the tree lives here. A row is `[weight, squaredDeviations, mean…]`. A node is
/// `[level, count, rows…, children…]`, level 0 for a leaf, with one place more than its capacity so
/// that an overfull node can stand until it is split. Rows are named by number and never move, so
/// a split or a rebuild moves numbers, not features.
///
/// Sendable because `CFTree` copies the storage before it writes to one that is shared.
final class TreeStorage: @unchecked Sendable {
  typealias Row = UnsafeMutablePointer<Double>
  typealias Node = UnsafeMutablePointer<Int32>

  let dimension: Int
  /// The most entries of a node.
  let capacity: Int
  let kernels = Kernels.features
  let rowStride: Int
  private let nodeStride: Int
  private let rowShift: Int
  private let nodeShift: Int
  /// Where each page of rows starts.
  private var rowPages: UnsafeMutablePointer<UnsafePointer<Double>>
  private var rowPageCount = 0
  private var rowPageCapacity = 16
  private var nodePages: [Node] = []
  private var freeRows: [Int32] = []
  private var freeNodes: [Int32] = []
  private(set) var liveRows = 0
  private(set) var liveNodes = 0
  private(set) var peakBytes = 0

  /// About how many bytes one page holds.
  private static let pageBytes = 1 << 16
  /// Numbers before the first row of a page, so that means start on a cache line.
  private static let lead = 6

  init(dimension: Int, capacity: Int) {
    self.dimension = dimension
    self.capacity = capacity
    rowStride = Self.rowStride(dimension)
    nodeStride = 2 + 2 * (capacity + 1)
    rowShift = Self.shift(elementBytes: rowStride * 8)
    nodeShift = Self.shift(elementBytes: nodeStride * 4)
    rowPages = .allocate(capacity: rowPageCapacity)
  }

  deinit {
    for index in 0..<rowPageCount {
      UnsafeMutablePointer(mutating: rowPages[index] - Self.lead).deallocate()
    }
    rowPages.deallocate()
    for page in nodePages { page.deallocate() }
  }

  /// A copy with the same numbers for the same rows and nodes.
  func copy() -> TreeStorage {
    let other = TreeStorage(dimension: dimension, capacity: capacity)
    for index in 0..<rowPageCount {
      other.addRowPage().update(from: rowPages[index], count: rowStride << rowShift)
    }
    for page in nodePages {
      let fresh = Node.allocate(capacity: nodeStride << nodeShift)
      fresh.initialize(from: page, count: nodeStride << nodeShift)
      other.nodePages.append(fresh)
    }
    other.freeRows = freeRows
    other.freeNodes = freeNodes
    other.liveRows = liveRows
    other.liveNodes = liveNodes
    other.peakBytes = peakBytes
    return other
  }

  /// A new page of zeros at the end of the table.
  private func addRowPage() -> Row {
    if rowPageCount == rowPageCapacity {
      let table = UnsafeMutablePointer<UnsafePointer<Double>>.allocate(
        capacity: 2 * rowPageCapacity)
      table.update(from: rowPages, count: rowPageCount)
      rowPages.deallocate()
      rowPages = table
      rowPageCapacity *= 2
    }
    let count = Self.lead + rowStride << rowShift
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: count * 8, alignment: 64)
    let page = bytes.initializeMemory(as: Double.self, repeating: 0, count: count) + Self.lead
    rowPages[rowPageCount] = UnsafePointer(page)
    rowPageCount += 1
    return page
  }

  /// Numbers from one row to the next: rounded up to whole cache lines where that costs at most a
  /// twentieth.
  static func rowStride(_ dimension: Int) -> Int {
    let used = dimension + 2
    let rounded = (used + 7) / 8 * 8
    return rounded * 20 <= used * 21 ? rounded : used
  }

  /// Elements a page holds, as a power of two: at least 4.
  private static func shift(elementBytes: Int) -> Int {
    var shift = 2
    while elementBytes << (shift + 1) <= pageBytes { shift += 1 }
    return shift
  }

  /// The bytes of so many rows and nodes.
  static func bytes(rows: Int, nodes: Int, dimension: Int, capacity: Int) -> Int {
    rows * rowStride(dimension) * 8 + nodes * (2 + 2 * (capacity + 1)) * 4
  }

  /// The bytes in use.
  var bytes: Int { liveRows * rowStride * 8 + liveNodes * nodeStride * 4 }

  /// The bytes of one row.
  var rowBytes: Int { rowStride * 8 }

  @inline(__always)
  func row(_ number: Int32) -> Row {
    let index = Int(number)
    let page = Row(mutating: rowPages[index >> rowShift])
    return page + (index & ((1 << rowShift) - 1)) * rowStride
  }

  /// A search for the neighbour of a feature among rows of this storage.
  @inline(__always)
  func search(
    _ rows: UnsafePointer<Int32>, _ count: Int, near feature: UnsafePointer<Double>, rank: Int32,
    pointWeight: Double
  ) -> simd_feature_search {
    simd_feature_search(
      pages: UnsafePointer(rowPages), stride: rowStride, shift: Int32(truncatingIfNeeded: rowShift),
      rank: rank, dimension: dimension, rows: rows, count: count, excluded: -1, apart: 1,
      feature: feature, one: pointWeight)
  }

  func allocateRow() -> Int32 {
    if freeRows.isEmpty {
      let first = rowPageCount << rowShift
      _ = addRowPage()
      // Handed out from the back, so lowest numbers come first.
      for offset in stride(from: (1 << rowShift) - 1, through: 0, by: -1) {
        freeRows.append(Int32(truncatingIfNeeded: first + offset))
      }
    }
    liveRows += 1
    peakBytes = max(peakBytes, bytes)
    return freeRows.removeLast()
  }

  func free(row number: Int32) {
    freeRows.append(number)
    liveRows -= 1
  }

  @inline(__always)
  func node(_ number: Int32) -> Node {
    let index = Int(number)
    return nodePages[index >> nodeShift] + (index & ((1 << nodeShift) - 1)) * nodeStride
  }

  func allocateNode(level: Int32) -> Int32 {
    if freeNodes.isEmpty {
      let count = nodeStride << nodeShift
      let page = Node.allocate(capacity: count)
      page.initialize(repeating: 0, count: count)
      let first = nodePages.count << nodeShift
      nodePages.append(page)
      for offset in stride(from: (1 << nodeShift) - 1, through: 0, by: -1) {
        freeNodes.append(Int32(truncatingIfNeeded: first + offset))
      }
    }
    liveNodes += 1
    peakBytes = max(peakBytes, bytes)
    let number = freeNodes.removeLast()
    let node = node(number)
    node[0] = level
    node[1] = 0
    return number
  }

  func free(node number: Int32) {
    freeNodes.append(number)
    liveNodes -= 1
  }

  @inline(__always)
  func level(_ node: Int32) -> Int32 { self.node(node)[0] }

  @inline(__always)
  func count(_ node: Int32) -> Int { Int(self.node(node)[1]) }

  /// The row numbers of a node.
  @inline(__always)
  func rows(_ node: Int32) -> Node { self.node(node) + 2 }

  /// The child numbers of an inner node; in a leaf, the numbers `finish` gave to its entries.
  @inline(__always)
  func children(_ node: Int32) -> Node { self.node(node) + 3 + capacity }

  func append(_ row: Int32, child: Int32, to node: Int32) {
    insert(row, child: child, into: node, at: count(node))
  }

  func insert(_ row: Int32, child: Int32, into node: Int32, at index: Int) {
    let count = count(node)
    let rows = rows(node)
    let children = children(node)
    var position = count
    while position > index {
      rows[position] = rows[position - 1]
      children[position] = children[position - 1]
      position -= 1
    }
    rows[index] = row
    children[index] = child
    self.node(node)[1] = Int32(truncatingIfNeeded: count + 1)
  }

  func remove(at index: Int, from node: Int32) {
    let count = count(node)
    let rows = rows(node)
    let children = children(node)
    for position in index..<(count - 1) {
      rows[position] = rows[position + 1]
      children[position] = children[position + 1]
    }
    self.node(node)[1] = Int32(truncatingIfNeeded: count - 1)
  }

  func clear(_ node: Int32) {
    self.node(node)[1] = 0
  }
}
