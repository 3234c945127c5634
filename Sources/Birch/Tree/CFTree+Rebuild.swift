/// Making room: a larger threshold, and the leaf entries placed anew.
extension CFTree {
  /// Rebuilds until the tree leaves a third of its share of the budget free.
  ///
  /// Rows move from the old leaves to the new tree one by one and old nodes are freed as they empty,
  /// so the peak is the old tree plus one path. No weight is lost.
  mutating func rebuild() {
    guard let budget = options.memoryBudget else { return }
    let target = treeByteLimit(budget) / 3 * 2
    for round in 1... {
      raiseThreshold(to: nextThreshold(round: round))
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

  /// A threshold at which about half of the entries find a partner, or more of them in a later
  /// round: that quantile, over all entries, of the threshold at which the entry merges with its
  /// nearest neighbour in the leaf.
  ///
  /// At least 1.1 times the present threshold, 1.2 times in later rounds, so that rebuilding always
  /// ends, and no more where the quantile says no more: in many columns all distances are nearly
  /// equal, and a large step would melt everything into one entry. O(entries × leaf capacity ×
  /// dimension).
  func nextThreshold(round: Int) -> Double {
    var needed: [Double] = []
    needed.reserveCapacity(leafEntryCount)
    for leaf in leaves() {
      let count = storage.count(leaf)
      let rows = storage.rows(leaf)
      guard count > 1 else { continue }
      for index in 0..<count {
        let row = storage.row(rows[index])
        let nearest = storage.nearest(
          in: leaf, to: row, by: .d0, pointWeight: pointWeight, excluding: rows[index])
        needed.append(squaredThresholdNeeded(row, storage.row(rows[nearest])))
      }
    }
    needed.sort()
    let place = min(needed.count * round / (round + 1), needed.count - 1)
    let quantile = place < 0 ? 0 : needed[place].squareRoot()
    let step = round == 1 ? 1.1 : 1.2
    if quantile.isFinite, quantile > threshold * step { return quantile }
    if threshold > 0 { return threshold * step }
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
