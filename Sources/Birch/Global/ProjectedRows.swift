import SIMDKernels

/// Bounds from below, by 16 numbers a row, how far rows are from a point: most are then never measured.
///
/// A row is projected onto 15 orthonormal directions of large spread; the length of what is left is the
/// 16th number. The distance of two such sixteens is never above that of the rows, for the rests are no
/// nearer to each other than their lengths are (reverse triangle inequality). Scores |p|² − 2 x·p are
/// computed in single precision. `margin` and `slack` bound all rounding, so nothing that may be nearest
/// is missed.
struct ProjectedRows: Sendable {
  private static let directions = Int(SIMD_DIRECTIONS)
  private static let depth = Int(SIMD_PROJECTED)
  private static let group = Int(SIMD_GROUP)
  /// With fewer columns or rows the whole product is as fast.
  private static let fewestColumns = 40
  private static let fewestRows = 1024
  /// Points farther out than this many times the farthest row are left to the caller.
  private static let largestNorm = 1e6
  /// Where more than this share of the rows is to be measured the whole product is faster.
  private static let largestShare = 16
  /// Blocks that are left to the caller after one for which projecting did not pay.
  private static let pause = 15

  private let dimension: Int
  private let runs: Int
  private let origin: [Double]
  private let scale: Double
  private let basis: [Double]
  /// The rows' sixteens, one after the other and in groups, and their squared norms; infinite where
  /// there is no row.
  private let numbers: [Float]
  private let packed: [Float]
  private let norms: [Float]
  /// By how much a sixteen may be off, for a length of 1.
  private let margin: Double

  /// `nil` where projecting would not pay. `origin` and `scale` are the caller's; scaled rows are no
  /// longer than 1.
  init?(_ rows: FeatureRows, origin: [Double], scale: Double) {
    guard rows.dimension >= Self.fewestColumns, rows.count >= Self.fewestRows else { return nil }
    let basis = SpreadBasis(rows, origin: origin, scale: scale)
    // The rest is the root of a difference of squares; the other term is rounding to single precision.
    let rest = (8 * Double(rows.dimension + 32) * 0x1p-53 + 4 * basis.deviation).squareRoot()
    guard rest < 1e-4 else { return nil }
    margin = rest + 0x1p-22
    dimension = rows.dimension
    self.origin = origin
    self.scale = scale
    self.basis = basis.values
    let run = Int(SIMD_RUN)
    runs = (rows.count + run - 1) / run
    var numbers = [Float](repeating: 0, count: runs * run * Self.depth)
    var packed = numbers
    var norms = [Float](repeating: .infinity, count: runs * run)
    var projection = Projection()
    for index in 0..<rows.count {
      projection.take(rows.mean(index), dimension, origin, scale, basis.values)
      norms[index] = Float(projection.squares)
      let group = index / Self.group * Self.depth * Self.group + index % Self.group
      for column in 0..<Self.depth {
        numbers[index * Self.depth + column] = projection.numbers[column]
        packed[group + column * Self.group] = projection.numbers[column]
      }
    }
    self.numbers = numbers
    self.packed = packed
    self.norms = norms
  }

  /// A point as sixteen numbers.
  fileprivate struct Projection {
    private var shares = [Double](repeating: 0, count: ProjectedRows.directions)
    private(set) var numbers = [Float](repeating: 0, count: ProjectedRows.depth)
    /// The sum of the squares of the numbers, and the length of the point itself.
    private(set) var squares = 0.0
    private(set) var norm = 0.0

    mutating func take(
      _ point: UnsafePointer<Double>, _ dimension: Int, _ origin: [Double], _ scale: Double,
      _ basis: [Double]
    ) {
      let whole = simd_project(Kernels.features, dimension, point, origin, scale, basis, &shares)
      var rest = whole
      for index in shares.indices {
        rest -= shares[index] * shares[index]
        numbers[index] = Float(shares[index])
      }
      numbers[ProjectedRows.directions] = Float(max(0, rest).squareRoot())
      squares = numbers.reduce(0) { $0 + Double($1) * Double($1) }
      norm = whole.squareRoot()
    }
  }

  /// Room for one block of points.
  struct Workspace {
    fileprivate var projection = Projection()
    /// Minus two times the points' sixteens.
    fileprivate var numbers: [Float] = []
    fileprivate var norm: [Double] = []
    fileprivate var squares: [Double] = []
    fileprivate var lows: [Float] = []
    fileprivate var found: [Int32] = []
    fileprivate var pause = 0
  }

  /// Finds the nearest rows of a block of points. False, with nothing of use in `nearest`, where points
  /// lie too far out or so many rows remain that the whole product is faster.
  func search(
    _ points: UnsafePointer<Double>, _ count: Int, rows: FeatureRows, _ work: inout Workspace,
    _ nearest: (Int, Int, Double) -> Void
  ) -> Bool {
    guard work.pause == 0 else {
      work.pause -= 1
      return false
    }
    reserve(count, &work)
    for place in 0..<count {
      work.projection.take(points + place * dimension, dimension, origin, scale, basis)
      guard work.projection.norm < Self.largestNorm else { return false }
      for column in 0..<Self.depth {
        work.numbers[place * Self.depth + column] = -2 * work.projection.numbers[column]
      }
      work.norm[place] = work.projection.norm
      work.squares[place] = work.projection.squares
    }
    simd_lowest_of_runs(Kernels.features, count, work.numbers, runs, packed, norms, &work.lows)
    var budget = count * rows.count / Self.largestShare
    for place in 0..<count {
      guard
        let (index, gap) = nearestRow(points + place * dimension, place, rows, &budget, &work)
      else {
        work.pause = Self.pause
        return false
      }
      nearest(place, index, gap)
    }
    return true
  }

  private func reserve(_ count: Int, _ work: inout Workspace) {
    guard work.norm.count < count else { return }
    work.numbers = [Float](repeating: 0, count: count * Self.depth)
    work.norm = [Double](repeating: 0, count: count)
    work.squares = work.norm
    work.lows = [Float](repeating: 0, count: count * runs * Self.group)
    work.found = [Int32](repeating: 0, count: norms.count)
  }

  /// The nearest row to one point, the first of equals. Takes from `budget` what it measures; `nil` when
  /// that is used up.
  private func nearestRow(
    _ point: UnsafePointer<Double>, _ place: Int, _ rows: FeatureRows, _ budget: inout Int,
    _ work: inout Workspace
  ) -> (Int, Double)? {
    let slack = NearestRows.slack(norm: work.norm[place], dimension: Self.depth)
    var best = (index: 0, gap: Double.infinity)
    // First the rows of the lowest score, whose distance then limits all others.
    var limit: Float?
    for _ in 0..<2 {
      let total = work.lows.withUnsafeBufferPointer { lows in
        work.numbers.withUnsafeBufferPointer { x -> Int in
          guard let x = x.baseAddress, let lows = lows.baseAddress else { return 0 }
          let own = lows + place * runs * Self.group
          let least = simd_lowest_place(Kernels.features, runs * Self.group, own)
          guard least >= 0 else { return 0 }
          return simd_runs_up_to(
            Kernels.features, x + place * Self.depth, runs, own, numbers, norms,
            limit ?? (own[least] + slack).nextUp, &work.found, work.found.count)
        }
      }
      budget -= total
      guard total > 0, budget > 0 else { return nil }
      for candidate in 0..<total {
        let index = Int(work.found[candidate])
        guard index < rows.count else { continue }
        let gap = VectorArithmetic.squaredDistance(rows.mean(index), point, dimension)
        if gap < best.gap || (gap == best.gap && index < best.index) { best = (index, gap) }
      }
      limit = self.limit(best.gap, work.norm[place], work.squares[place], slack)
    }
    return best
  }

  /// The highest score of a row that may be as near as `gap`.
  private func limit(_ gap: Double, _ norm: Double, _ squares: Double, _ slack: Float) -> Float {
    let length = gap.squareRoot() * scale * (1 + 1e-10) + margin * (norm + 1)
    let highest = length * length
    return Float(highest - squares + 1e-12 * (highest + squares) + Double(slack)).nextUp
  }
}
