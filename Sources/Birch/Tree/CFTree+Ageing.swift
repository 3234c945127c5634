/// Exponential ageing: nothing is ever taken out; what is older weighs less.
extension CFTree {
  /// Above this weight of a point the rows are scaled back to weights as of now.
  static let largestPointWeight = 1e30

  /// Multiplies all weights by `factor`, so that older points count less than those to come.
  ///
  /// Means, radii and the shape of the tree stay. O(1): instead of the weights held, the weight of
  /// what comes changes. Throws unless 0 < factor ≤ 1.
  public mutating func age(by factor: Double) throws(BirchError) {
    guard factor > 0, factor <= 1 else {
      throw .invalidOption(name: "factor", reason: "must be above 0 and at most 1")
    }
    pointWeight /= max(factor, 1 / Self.largestPointWeight)
    if pointWeight > Self.largestPointWeight { renormalise() }
  }

  /// Scales all rows so that a weight of 1 is held as 1 again. O(tree), and rare.
  ///
  /// A weight never falls below the smallest one allowed, so an aged feature stays a feature.
  mutating func renormalise() {
    makeUnique()
    let scale = 1 / pointWeight
    forEachRow { row in
      let scaled = ClusteringFeature.clampedWeight(row[0] * scale)
      row[1] *= scaled / row[0]
      row[0] = scaled
    }
    pointWeight = 1
  }
}
