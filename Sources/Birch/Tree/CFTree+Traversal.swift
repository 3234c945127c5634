/// Walking the tree, always in the same order: children from first to last.
extension CFTree {
  /// All leaves, in order.
  func leaves() -> [Int32] {
    var found: [Int32] = []
    var pending = [root]
    while let node = pending.popLast() {
      if storage.level(node) == 0 {
        found.append(node)
        continue
      }
      let children = storage.children(node)
      for index in stride(from: storage.count(node) - 1, through: 0, by: -1) {
        pending.append(children[index])
      }
    }
    return found
  }

  /// Frees every inner node with its summaries; the leaves stay, without a tree.
  func freeInnerNodes() {
    var pending = [root]
    while let node = pending.popLast() {
      guard storage.level(node) > 0 else { continue }
      let rows = storage.rows(node)
      let children = storage.children(node)
      for index in 0..<storage.count(node) {
        pending.append(children[index])
        storage.free(row: rows[index])
      }
      storage.free(node: node)
    }
  }

  /// The feature of a row, with weights as of now.
  func feature(_ row: Int32) -> ClusteringFeature {
    storage.feature(row, pointWeight: pointWeight)
  }

  /// The union of all leaf entries.
  func rootFeature() -> ClusteringFeature {
    var total = ClusteringFeature(dimension: dimension)
    let rows = storage.rows(root)
    for index in 0..<storage.count(root) {
      total.merge(feature(rows[index]))
    }
    return total
  }

  /// Calls `body` with every row that holds points or a summary of them.
  func forEachRow(_ body: (UnsafeMutablePointer<Double>) -> Void) {
    var pending = [root]
    while let node = pending.popLast() {
      let rows = storage.rows(node)
      for index in 0..<storage.count(node) {
        body(storage.row(rows[index]))
      }
      if storage.level(node) > 0 {
        let children = storage.children(node)
        pending.append(contentsOf: (0..<storage.count(node)).map { children[$0] })
      }
    }
    for row in outliers + delayed {
      body(storage.row(row))
    }
  }

  /// Writes into the leaves at which place of `leafEntries` each of their entries stands.
  func numberEntries() {
    var number: Int32 = 0
    for leaf in leaves() {
      let numbers = storage.children(leaf)
      for index in 0..<storage.count(leaf) {
        numbers[index] = number
        number &+= 1
      }
    }
  }
}
