/// Fewer features that stand for many: what the global phase works on where there are more entries
/// than its time or memory allows.
struct Condensation {
  /// The features, each the union of those that went into it.
  var features: [ClusteringFeature]
  /// Which of `features` each original went into.
  var group: [Int]

  /// Joins features through trees of growing threshold until at most `limit` are left.
  ///
  /// A rebuild as a tree out of room makes it, with the same bound on an entry's reach: a small group
  /// far from everything stays by itself. O(features × height × branching × dimension) in all, since
  /// each round leaves about half of them.
  init(
    _ features: [ClusteringFeature], limit: Int, threshold: Double, options: CFTreeOptions
  ) throws(BirchError) {
    self.features = features
    group = Array(features.indices)
    var threshold = threshold
    var round = 0
    while self.features.count > max(1, limit), let dimension = self.features.first?.dimension {
      var options = options
      options.threshold = threshold
      options.memoryBudget = nil
      options.halfLife = nil
      var tree = try CFTree(dimension: dimension, options: options)
      let rows = self.features.map { tree.insertReturningRow($0) }
      if tree.leafEntryCount < self.features.count {
        var numbers: [Int32: Int] = [:]
        var entries: [ClusteringFeature] = []
        for leaf in tree.leaves() {
          for index in 0..<tree.storage.count(leaf) {
            let row = tree.storage.rows(leaf)[index]
            numbers[row] = entries.count
            entries.append(tree.feature(row))
          }
        }
        let placed = rows.map { numbers[$0] ?? 0 }
        for index in group.indices { group[index] = placed[group[index]] }
        self.features = entries
      }
      round += 1
      threshold = tree.nextThreshold(round: round)
    }
  }
}

extension CFTree {
  /// Inserts a feature and returns the row of the entry that holds it. Entry rows are never freed
  /// while a tree only grows, so the number stays the entry's.
  fileprivate mutating func insertReturningRow(_ feature: ClusteringFeature) -> Int32 {
    feature.mean.withUnsafeBufferPointer { mean in
      guard let base = mean.baseAddress else { return }
      storage.write(feature.count, feature.squaredDeviations, base, to: incoming)
    }
    let own = incoming
    switch place(own, .grow) {
    case .absorbed(let row): return row
    case .added, .refused:
      incoming = storage.allocateRow()
      return own
    }
  }
}
