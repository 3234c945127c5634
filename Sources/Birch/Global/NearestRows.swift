import Glibc
import SIMDKernels

/// Finds, for many points at once, the nearest of a fixed set of features by their means.
///
/// Candidates come from a blocked matrix product in single precision, |c|² − 2 x·c about the middle
/// of the means, so that moving all data changes nothing. Its error is bounded: every row whose score
/// lies within twice that bound of the lowest is measured again as a difference in double precision.
/// The answer is therefore that of the plain scan in double precision, the first of equals, however
/// much the shortcut cancels. Many rows of many columns are looked through by projections first.
struct NearestRows: Sendable {
  let rows: FeatureRows
  private let origin: [Double]
  private let scale: Double
  /// The centred means in panels, and their squared norms.
  private let packed: [Float]
  private let norms: [Float]
  private let projected: ProjectedRows?

  /// Points whose products are computed in one go.
  private static let block = 48
  /// Means whose products are kept at a time.
  private static let chunk = 1024
  /// With fewer means than this the plain scan is as fast.
  private static let fewest = 24
  /// Candidates that are listed; where there are more a whole chunk is measured.
  private static let listed = 32

  init(_ features: [ClusteringFeature]) {
    let rows = FeatureRows(features)
    let dimension = rows.dimension
    self.rows = rows
    var middle = ClusteringFeature(dimension: dimension)
    for feature in features { middle.merge(feature) }
    let origin = middle.mean
    self.origin = origin
    var centred = [Float](repeating: 0, count: rows.count * dimension)
    var norms = [Float](repeating: 0, count: rows.count)
    var largest = 0.0
    for index in 0..<rows.count {
      let gap = VectorArithmetic.squaredDistance(rows.mean(index), origin, dimension)
      largest = max(largest, gap.squareRoot())
    }
    // Extreme lengths do not fit single precision: such sets are scanned.
    let fits = largest > 1e-150 && largest < 1e150
    let scale = fits ? 1 / largest : 1
    self.scale = scale
    for index in 0..<rows.count {
      let squares = centred.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.map {
          simd_center(
            Kernels.features, dimension, rows.mean(index), origin, scale, $0 + index * dimension)
        }
      }
      norms[index] = Float(squares ?? 0)
    }
    self.norms = norms
    guard fits, rows.count >= Self.fewest else {
      packed = []
      projected = nil
      return
    }
    var panels = [Float](
      repeating: 0,
      count: simd_packed_count(Kernels.matrices, dimension, rows.count))
    simd_pack(Kernels.matrices, dimension, rows.count, centred, 1, dimension, &panels)
    packed = panels
    projected = ProjectedRows(rows, origin: origin, scale: scale)
  }

  /// Calls `body(point, index, squaredDistance)` for every point of `[count, dimension]`, in order.
  func forEachNearest(
    _ points: UnsafePointer<Double>, count: Int, _ body: (Int, Int, Double) -> Void
  ) {
    guard rows.count > 0 else { return }
    var work = Workspace(dimension: rows.dimension)
    for first in stride(from: 0, to: count, by: Self.block) {
      let block = min(Self.block, count - first)
      let start = points + first * rows.dimension
      if !searchProjected(start, block, &work) { search(start, block, &work) }
      for place in 0..<block { body(first + place, work.index[place], work.gap[place]) }
    }
  }

  private func searchProjected(
    _ points: UnsafePointer<Double>, _ count: Int, _ work: inout Workspace
  ) -> Bool {
    guard let projected else { return false }
    var index = work.index
    var gap = work.gap
    defer { (work.index, work.gap) = (index, gap) }
    return projected.search(points, count, rows: rows, &work.projected) {
      index[$0] = $1
      gap[$0] = $2
    }
  }

  /// The scores |c|² − 2 x·c of one point against every row, scaled; `nil` where they are not to be
  /// had in single precision. For a coarse order only.
  func scores(_ points: UnsafePointer<Double>, count: Int, into work: inout Workspace) -> Bool {
    guard !packed.isEmpty else { return false }
    work.centre(points, count, origin, scale)
    work.reserve(count * rows.count)
    multiply(count, first: 0, width: rows.count, &work)
    for place in 0..<count {
      guard work.norm[place] < Workspace.largestNorm else { return false }
      for index in 0..<rows.count {
        let at = place * rows.count + index
        work.dots[at] = norms[index] - 2 * work.dots[at]
      }
    }
    return true
  }

  /// Room for one block of points.
  struct Workspace {
    var centred: [Float]
    var norm = [Double](repeating: 0, count: NearestRows.block)
    var dots: [Float] = []
    var index = [Int](repeating: 0, count: NearestRows.block)
    var gap = [Double](repeating: 0, count: NearestRows.block)
    var lowest = [Float](repeating: 0, count: NearestRows.block)
    var found = [Int32](repeating: 0, count: NearestRows.listed)
    var projected = ProjectedRows.Workspace()
    let dimension: Int

    /// Points farther out than this many times the farthest mean are scanned.
    static let largestNorm = 1e12

    init(dimension: Int) {
      self.dimension = dimension
      centred = [Float](repeating: 0, count: NearestRows.block * dimension)
    }

    mutating func reserve(_ count: Int) {
      if dots.count < count { dots = [Float](repeating: 0, count: count) }
    }

    mutating func centre(
      _ points: UnsafePointer<Double>, _ count: Int, _ origin: [Double], _ scale: Double
    ) {
      for place in 0..<count {
        let squares = centred.withUnsafeMutableBufferPointer { buffer in
          buffer.baseAddress.map {
            simd_center(
              Kernels.features, dimension, points + place * dimension, origin, scale,
              $0 + place * dimension)
          }
        }
        norm[place] = (squares ?? 0).squareRoot()
      }
    }
  }

  private func multiply(_ count: Int, first: Int, width: Int, _ work: inout Workspace) {
    let dimension = rows.dimension
    work.centred.withUnsafeBufferPointer { a in
      packed.withUnsafeBufferPointer { b in
        work.dots.withUnsafeMutableBufferPointer { c in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
          var product = simd_product(
            rows: count, columns: width, depth: dimension, a: a, a_row: dimension, a_column: 1,
            depth_block: dimension, a_block: 0, b: b + first * dimension, c: c, c_row: width,
            accumulate: 0)
          simd_multiply(Kernels.matrices, &product)
        }
      }
    }
  }

  private func search(_ points: UnsafePointer<Double>, _ count: Int, _ work: inout Workspace) {
    for place in 0..<count {
      work.index[place] = 0
      work.gap[place] = .infinity
      work.lowest[place] = .infinity
    }
    guard !packed.isEmpty else {
      for place in 0..<count { scan(points, place, 0..<rows.count, &work) }
      return
    }
    work.centre(points, count, origin, scale)
    work.reserve(Self.block * Self.chunk)
    for first in stride(from: 0, to: rows.count, by: Self.chunk) {
      let width = min(Self.chunk, rows.count - first)
      multiply(count, first: first, width: width, &work)
      for place in 0..<count { consider(points, place, first, width, &work) }
    }
  }

  /// Measures the rows of a chunk that may hold the nearest to one point.
  private func consider(
    _ points: UnsafePointer<Double>, _ place: Int, _ first: Int, _ width: Int,
    _ work: inout Workspace
  ) {
    guard work.norm[place] < Workspace.largestNorm else {
      scan(points, place, first..<(first + width), &work)
      return
    }
    let slack = Self.slack(norm: work.norm[place], dimension: rows.dimension)
    let total = work.dots.withUnsafeBufferPointer { dots in
      norms.withUnsafeBufferPointer { norms -> Int in
        guard let dots = dots.baseAddress, let norms = norms.baseAddress else { return 0 }
        let row = dots + place * width
        let least = simd_lowest_score(Kernels.features, width, row, norms + first)
        work.lowest[place] = min(work.lowest[place], least)
        let limit = (work.lowest[place] + slack).nextUp
        guard least <= limit else { return 0 }
        return simd_scores_up_to(
          Kernels.features, width, row, norms + first, limit, &work.found, Self.listed)
      }
    }
    guard total <= Self.listed else {
      scan(points, place, first..<(first + width), &work)
      return
    }
    let point = points + place * rows.dimension
    for candidate in 0..<total {
      let index = first + Int(work.found[candidate])
      let gap = VectorArithmetic.squaredDistance(rows.mean(index), point, rows.dimension)
      if gap < work.gap[place] {
        work.gap[place] = gap
        work.index[place] = index
      }
    }
  }

  /// Twice the bound on the error of a score, with u = 2⁻²⁴, |c| ≤ 1 and |x| = norm: rounding of x and
  /// c and a sum of products, together (d + 4) u |x| |c|, taken twice, and the roundings of norm and
  /// difference.
  static func slack(norm: Double, dimension: Int) -> Float {
    Float(4 * 0x1p-24 * Double(dimension + 8) * (norm + 1)).nextUp
  }

  private func scan(
    _ points: UnsafePointer<Double>, _ place: Int, _ range: Range<Int>, _ work: inout Workspace
  ) {
    let point = points + place * rows.dimension
    for index in range {
      let gap = VectorArithmetic.squaredDistance(rows.mean(index), point, rows.dimension)
      if gap < work.gap[place] {
        work.gap[place] = gap
        work.index[place] = index
      }
    }
  }
}
