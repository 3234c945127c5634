import SIMDKernels

/// Features as rows `[weight, squaredDeviations, mean…]` in one piece of memory.
///
/// Sendable because it changes only while one owner builds or clusters it.
final class FeatureRows: @unchecked Sendable {
  let count: Int
  let dimension: Int
  private let stride: Int
  private let base: UnsafeMutablePointer<Double>

  /// Numbers before the first row, so that means start on a cache line.
  private static let lead = 6

  init(_ features: [ClusteringFeature]) {
    count = features.count
    dimension = features.first?.dimension ?? 0
    stride = TreeStorage.rowStride(dimension)
    let size = Self.lead + stride * count
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: size * 8, alignment: 64)
    base = bytes.initializeMemory(as: Double.self, repeating: 0, count: size) + Self.lead
    for (index, feature) in features.enumerated() {
      let row = row(index)
      row[0] = feature.count
      row[1] = feature.squaredDeviations
      for column in 0..<dimension { row[2 + column] = feature.mean[column] }
    }
  }

  deinit { (base - Self.lead).deallocate() }

  @inline(__always)
  func row(_ index: Int) -> UnsafeMutablePointer<Double> { base + index * stride }

  func feature(_ index: Int) -> ClusteringFeature {
    let row = row(index)
    return ClusteringFeature(
      uncheckedCount: row[0],
      mean: Array(UnsafeBufferPointer(start: mean(index), count: dimension)),
      squaredDeviations: row[1])
  }

  @inline(__always)
  func mean(_ index: Int) -> UnsafePointer<Double> { UnsafePointer(row(index) + 2) }

  /// Of the rows numbered, the place of the one of lowest rank (`SIMD_RANK_…`) below `best`, which
  /// receives it; the first of equals, `nil` where none is lower. `excluded` is passed over.
  @inline(__always)
  func nearest(
    _ numbers: UnsafeBufferPointer<Int32>, to feature: UnsafePointer<Double>, rank: Int32,
    excluding excluded: Int32 = -1, below best: inout Double
  ) -> Int? {
    guard let list = numbers.baseAddress else { return nil }
    let place = withUnsafePointer(to: UnsafePointer(base)) { pages in
      var search = simd_feature_search(
        pages: pages, stride: stride, shift: 30, rank: rank, dimension: dimension, rows: list,
        count: numbers.count, excluded: excluded, apart: 1, feature: feature, one: 1)
      return simd_nearest_feature(Kernels.features, &search, &best)
    }
    return place < 0 ? nil : place
  }

  /// Adds the points of one row to another; both stand for points.
  func merge(_ source: Int, into target: Int) {
    _ = simd_merge_feature(Kernels.features, dimension, row(target), row(source))
  }
}
