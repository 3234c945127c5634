/// Making room: a larger threshold, and the leaf entries placed anew.
extension CFTree {
  /// Rebuilds until the tree leaves a fifth of its share of the budget free.
  ///
  /// Rows move from the old leaves to the new tree one by one and old nodes are freed as they empty,
  /// so the peak is the old tree plus one path. No weight is lost.
  mutating func rebuild() {
    guard let budget = options.memoryBudget else { return }
    let target = treeByteLimit(budget) / 5 * 4
    while true {
      raiseThreshold(to: nextThreshold())
      rebuilds += 1
      reinsertEntries(settingOutliersAside: true)
      retryOutliers()
      placeDelayed()
      if storage.bytes <= target || leafEntryCount <= 1 { return }
    }
  }

  /// Takes the first threshold from the spread of the points seen, once there are enough of them.
  mutating func settleThresholdWhenWarm() {
    if !isThresholdSettled, leafEntryCount >= options.warmUpEntries { settleThreshold() }
  }

  /// Sets the first threshold to 0.1 × the root mean square radius of all points.
  mutating func settleThreshold() {
    guard !isThresholdSettled, leafEntryCount > 0 else { return }
    raiseThreshold(to: 0.1 * rootFeature().radius)
    if threshold > 0 { reinsertEntries(settingOutliersAside: false) }
  }

  mutating func raiseThreshold(to value: Double) {
    threshold = max(threshold, value)
    isThresholdSettled = true
  }

  /// A threshold at which about half of the entries find a partner: the median, over all entries, of
  /// the least threshold at which the entry merges with another one of its leaf.
  ///
  /// At least 1.1 times the present threshold, so that rebuilding always ends. O(entries × leaf
  /// capacity × dimension).
  func nextThreshold() -> Double {
    var needed: [Double] = []
    needed.reserveCapacity(leafEntryCount)
    for leaf in leaves() {
      let count = storage.count(leaf)
      let rows = storage.rows(leaf)
      guard count > 1 else { continue }
      for index in 0..<count {
        var best = Double.infinity
        let row = storage.row(rows[index])
        for other in 0..<count where other != index {
          best = min(best, squaredThresholdNeeded(row, storage.row(rows[other])))
        }
        needed.append(best)
      }
    }
    needed.sort()
    let median = needed.isEmpty ? 0 : needed[needed.count / 2].squareRoot()
    if median.isFinite, median > threshold * 1.1 { return median }
    if threshold > 0 { return threshold * 1.5 }
    // Entries that differ by less than the squares can tell: any positive length will do.
    return max(rootFeature().radius * 1e-3, Double.leastNormalMagnitude.squareRoot())
  }

  /// Empties the tree and places its leaf entries again, in leaf order.
  mutating func reinsertEntries(settingOutliersAside: Bool) {
    let old = leaves()
    let lightest = settingOutliersAside ? outlierWeightLimit() : 0
    freeInnerNodes()
    root = storage.allocateNode(level: 0)
    leafEntryCount = 0
    for leaf in old {
      let rows = storage.rows(leaf)
      let count = storage.count(leaf)
      for index in 0..<count {
        let row = rows[index]
        if storage.row(row)[0] < lightest, hasRoomForOutlier() {
          outliers.append(row)
        } else if place(row, .grow).isAbsorbed {
          storage.free(row: row)
        }
      }
      storage.free(node: leaf)
    }
  }

  /// Places the points held back while the tree was full.
  mutating func placeDelayed() {
    let waiting = delayed
    delayed.removeAll(keepingCapacity: true)
    for row in waiting where place(row, .grow).isAbsorbed {
      storage.free(row: row)
    }
  }
}
