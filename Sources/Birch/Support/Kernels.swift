import SIMDKernels

/// The kernels for this processor.
enum Kernels {
  /// Searches and sums over clustering features.
  nonisolated(unsafe) static let features = simd_feature_best()
  /// Matrix products.
  nonisolated(unsafe) static let matrices = simd_best()
}
