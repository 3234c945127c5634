/// Entries set aside, and the end of a pass.
extension CFTree {
  /// Ends a pass: places what is held back, tries the outliers once more, and condenses those that
  /// still fit nowhere into `candidates`.
  ///
  /// Points may be added afterwards. A second call without new points changes nothing.
  public mutating func finish() {
    if isFinished { return }
    makeUnique()
    settleThreshold()
    placeDelayed()
    if let budget = options.memoryBudget, storage.bytes > budget { rebuild() }
    retryOutliers()
    condenseOutliers()
    numberEntries()
    isFinished = true
  }

  /// The weight below which a rebuild sets an entry aside.
  func outlierWeightLimit() -> Double {
    guard options.memoryBudget != nil, leafEntryCount > 0 else { return 0 }
    return options.outlierWeightFraction * rootFeature().count * pointWeight
      / Double(leafEntryCount)
  }

  func hasRoomForOutlier() -> Bool {
    guard let budget = options.memoryBudget else { return false }
    let room = Double(budget) * options.outlierMemoryShare
    return Double((outliers.count + 1) * storage.rowBytes) <= room
  }

  /// Lets the tree absorb the outliers that now lie within its threshold.
  mutating func retryOutliers() {
    let waiting = outliers
    outliers.removeAll(keepingCapacity: true)
    for row in waiting {
      if place(row, .absorbOnly).isAbsorbed {
        storage.free(row: row)
      } else {
        outliers.append(row)
      }
    }
  }

  /// Clusters the outliers among themselves, under the tree's own threshold, so that the points of
  /// one rare group come out as one candidate.
  mutating func condenseOutliers() {
    guard outliers.count > 1 else { return }
    let tree = root
    let count = leafEntryCount
    root = storage.allocateNode(level: 0)
    for row in outliers where place(row, .grow).isAbsorbed {
      storage.free(row: row)
    }
    outliers.removeAll(keepingCapacity: true)
    for leaf in leaves() {
      let rows = storage.rows(leaf)
      outliers.append(contentsOf: (0..<storage.count(leaf)).map { rows[$0] })
    }
    let leaves = leaves()
    freeInnerNodes()
    for leaf in leaves { storage.free(node: leaf) }
    root = tree
    leafEntryCount = count
  }
}
