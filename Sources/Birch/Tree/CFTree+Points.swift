import SIMDKernels

/// Taking points in.
extension CFTree {
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

  /// Adds the rows of a matrix `[count, dimension]`, in order, each with weight 1 or its own of
  /// `weights`.
  ///
  /// All rows and weights are checked before the first is added.
  public mutating func insert(
    rows: UnsafeBufferPointer<Double>, weights: UnsafeBufferPointer<Double>? = nil
  ) throws(BirchError) {
    try check(valueCount: rows.count, weights: weights)
    guard let base = rows.baseAddress, rows.count > 0 else { return }
    for start in stride(from: 0, to: rows.count, by: dimension) {
      try FeatureCheck.point(UnsafeBufferPointer(start: base + start, count: dimension))
    }
    for index in 0..<(rows.count / dimension) {
      insert(count: weights?[index] ?? 1, deviations: 0, mean: base + index * dimension)
    }
  }

  /// Adds rows in single precision; sums are kept in double precision all the same.
  public mutating func insert(
    rows: UnsafeBufferPointer<Float>, weights: UnsafeBufferPointer<Double>? = nil
  ) throws(BirchError) {
    try check(valueCount: rows.count, weights: weights)
    guard let base = rows.baseAddress, rows.count > 0 else { return }
    if simd_within_float(storage.kernels, rows.count, base, .greatestFiniteMagnitude) == 0 {
      let place = rows.firstIndex { !$0.isFinite } ?? 0
      throw .valueOutOfRange(column: place % dimension)
    }
    makeUnique()
    isFinished = false
    for index in 0..<(rows.count / dimension) {
      let row = storage.row(incoming)
      row[0] = (weights?[index] ?? 1) * pointWeight
      row[1] = 0
      simd_widen(storage.kernels, dimension, base + index * dimension, row + 2)
      acceptAndAge()
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

  private func check(
    valueCount: Int, weights: UnsafeBufferPointer<Double>?
  ) throws(BirchError) {
    guard valueCount % dimension == 0 else {
      throw .dimensionMismatch(expected: dimension, found: valueCount % dimension)
    }
    guard let weights else { return }
    try FeatureCheck.length("weights", weights.count, valueCount / dimension)
    for weight in weights { try FeatureCheck.weight(weight) }
  }

  private mutating func insert(count: Double, deviations: Double, mean: UnsafePointer<Double>) {
    makeUnique()
    isFinished = false
    storage.write(count * pointWeight, deviations * pointWeight, mean, to: incoming)
    acceptAndAge()
  }

  private mutating func acceptAndAge() {
    points += 1
    accept()
    guard growthPerPoint > 1 else { return }
    pointWeight *= growthPerPoint
    if pointWeight > Self.largestPointWeight { renormalise() }
  }
}
