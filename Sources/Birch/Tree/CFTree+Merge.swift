/// Combining trees of shards, streams and days.
extension CFTree {
  /// Adds everything another tree holds. The larger threshold of the two applies from then on.
  ///
  /// The order of merging changes totals only by rounding; a fixed order gives the same bytes. This
  /// tree's options stay in force. Throws where the dimensions differ. O(entries of the other tree ×
  /// height × branching × dimension).
  public mutating func merge(_ other: CFTree) throws(BirchError) {
    guard other.dimension == dimension else {
      throw .dimensionMismatch(expected: dimension, found: other.dimension)
    }
    makeUnique()
    isFinished = false
    points += other.points
    if other.isThresholdSettled, other.threshold > threshold || !isThresholdSettled {
      raiseThreshold(to: other.threshold)
      reinsertEntries(settingOutliersAside: false)
    }
    let scale = pointWeight / other.pointWeight
    for leaf in other.leaves() {
      let rows = other.storage.rows(leaf)
      for index in 0..<other.storage.count(leaf) {
        acceptCopy(of: rows[index], from: other, scale: scale)
      }
    }
    for row in other.outliers + other.delayed {
      acceptCopy(of: row, from: other, scale: scale)
    }
  }

  private mutating func acceptCopy(of number: Int32, from other: CFTree, scale: Double) {
    let row = other.storage.row(number)
    let weight = ClusteringFeature.clampedWeight(row[0] * scale)
    storage.write(weight, row[1] * (weight / row[0]), row + 2, to: incoming)
    accept()
  }
}
