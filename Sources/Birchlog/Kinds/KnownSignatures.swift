/// What signatures of known anomalies look like, thinned out, and how far from each another unit may lie.
///
/// The mean of a kind and its reach cannot tell a unit like those that were seen from one in a gap
/// between them. A unit of a known kind mostly lies as near to a seen one as these lie to each other, and
/// one of a kind that training never saw lies farther off. How far is usual is told by the seen ones
/// alone, each left out in turn; kinds whose units differ much have a longer reach.
struct KnownSignatures: Sendable, Equatable {
  let dimension: Int
  /// `[count, dimension]`.
  let values: [Float]
  /// How far from each a unit may lie, `[count]`.
  let reaches: [Double]
  /// The columns, those in which the signatures differ most first, and `values` in that order: most of a
  /// distance then shows in the first few.
  private let columns: [Int]
  private let ordered: [Float]
  /// The first columns of that order, of eight signatures side by side, `[count / 8, leading]`, and what a squared
  /// distance is divided by.
  private let leadingValues: [SIMD8<Float>]
  private let scales: [SIMD8<Float>]

  /// Columns that tell from which signatures a unit is far.
  private static let leading = 16

  /// A unit and the kind it was found to be of.
  typealias Seen = (signature: [Float], kind: Int)

  /// Signatures that are kept at most.
  static let limit = 1_024
  /// Seen units that are looked at, and that are left out in turn, at most.
  private static let seenLimit = 8_192
  private static let testLimit = 2_048
  /// Share of the seen units that lie as near to another one as is usual, which fewer than one over the
  /// rest cannot tell.
  private static let usualShare = 0.98
  private static let fewest = 50
  /// Share of them that lie within reach of another one. Where units of one kind differ much, new ones lie
  /// outside more often than these.
  private static let share = 0.99
  /// Share of a kind's own units whose distance from the next of them scales its reach.
  private static let ownShare = 0.995
  /// Reach of a kind of one unit, at least: of how its units differ nothing is known but what stage 3
  /// would join.
  private static let loneReach = KindCount.alike / 2
  /// Signatures nearer than this part of the usual distance are one.
  private static let grain = 0.0625
  private static let growth = 1.5

  /// Nothing is known: no unit is strange.
  init() {
    self.init(dimension: 0, values: [], reaches: [])
  }

  init(dimension: Int, values: [Float], reaches: [Double]) {
    self.dimension = dimension
    self.values = values
    self.reaches = reaches
    let columns = Self.columnsBySpread(values, dimension: dimension)
    self.columns = columns
    ordered = stride(from: 0, to: values.count, by: max(dimension, 1)).flatMap { start in
      columns.map { values[start + $0] }
    }
    let firsts = stride(from: 0, to: reaches.count, by: 8)
    let rows = reaches.count
    leadingValues = firsts.flatMap { first in
      columns.prefix(Self.leading).map { column in
        var lanes = SIMD8<Float>(repeating: .infinity)
        for lane in 0..<min(8, rows - first) {
          lanes[lane] = values[(first + lane) * dimension + column]
        }
        return lanes
      }
    }
    scales = firsts.map { first in
      var lanes = SIMD8<Float>(repeating: 1)
      for lane in 0..<min(8, rows - first) {
        lanes[lane] = max(
          Float(reaches[first + lane] * reaches[first + lane]), .leastNormalMagnitude)
      }
      return lanes
    }
  }

  private static func columnsBySpread(_ values: [Float], dimension: Int) -> [Int] {
    guard dimension > 0 else { return [] }
    var sums = [Double](repeating: 0, count: dimension)
    var squares = sums
    for (index, value) in values.enumerated() {
      sums[index % dimension] += Double(value)
      squares[index % dimension] += Double(value) * Double(value)
    }
    let count = Double(max(values.count / dimension, 1))
    let spreads = zip(sums, squares).map { $1 - $0 * $0 / count }
    return spreads.indices.sorted { (spreads[$1], $0) < (spreads[$0], $1) }
  }

  var count: Int { reaches.count }

  /// - Parameter seen: distinct anomalous units; too few tell nothing.
  init(_ seen: [Seen], dimension: Int) {
    let seen = Self.spread(seen.count, limit: Self.seenLimit).map { seen[$0] }
    guard dimension > 0, let usual = Self.reaches(seen, dimension: dimension) else {
      self.init()
      return
    }
    var known = KnownSignatures(
      dimension: dimension, values: seen.flatMap(\.signature),
      reaches: seen.map { usual.reaches[$0.kind] })
    var gap = usual.distance * Self.grain
    repeat {
      known = known.thinned(gap: gap)
      gap *= Self.growth
    } while known.count > Self.limit
    self = known
  }

  /// How well a unit is known: 1 for one that was seen, a half at the end of the reach, less beyond.
  func familiarity(of signature: [Float]) -> Double {
    guard count > 0, signature.count == dimension else { return 1 }
    let square = nearest(to: signature)
    return 1 / (1 + square * square)
  }

  /// A unit that is known less well is of no known kind.
  static let smallestFamiliarity = 0.5

  /// The smallest square of a distance over the reach.
  ///
  /// Where the leading columns alone are farther than that the rest is not looked at; the signatures beside
  /// the one that is nearest by them come first.
  private func nearest(to signature: [Float]) -> Double {
    let signature = columns.map { signature[$0] }
    let half = min(Self.leading / 2, dimension)
    var bounds: [SIMD8<Float>] = []
    bounds.reserveCapacity(scales.count)
    var first = 0
    var smallest = Float.infinity
    for block in scales.indices {
      let bound = bound(block, 0..<half, signature)
      bounds.append(bound)
      if any(bound .< smallest) {
        smallest = bound.min()
        first = block
      }
    }
    var best = measure(first, bounds[first], signature, below: .infinity)
    for block in bounds.indices where block != first {
      // The sums have an order of their own: their rounding must not exclude the nearest.
      let limit = Float(best) * 1.0001
      guard any(bounds[block] .<= limit) else { continue }
      let bound = bounds[block] + bound(block, half..<min(Self.leading, dimension), signature)
      if any(bound .<= limit) { best = measure(block, bound, signature, below: best) }
    }
    return best
  }

  /// Squared distances over the reaches by some leading columns, of the eight signatures of a block.
  private func bound(_ block: Int, _ range: Range<Int>, _ signature: [Float]) -> SIMD8<Float> {
    let start = block * min(Self.leading, dimension)
    var sums = SIMD8<Float>()
    for column in range {
      let gap = leadingValues[start + column] - signature[column]
      sums += gap * gap
    }
    return sums / scales[block]
  }

  /// `best`, or the smallest of a block that is smaller; those whose bound is larger are passed over.
  private func measure(
    _ block: Int, _ bound: SIMD8<Float>, _ signature: [Float], below best: Double
  ) -> Double {
    var best = best
    ordered.withUnsafeBufferPointer { values in
      signature.withUnsafeBufferPointer { signature in
        for row in 8 * block..<min(8 * block + 8, count)
        where bound[row - 8 * block] <= Float(best) * 1.0001 {
          let scale = reaches[row] * reaches[row]
          let square = Self.square(values, row * dimension, signature, below: Float(best * scale))
          best = min(best, Double(square) / scale)
        }
      }
    }
    return best
  }

  /// Squared distance of a row and a signature; infinite once it exceeds `limit`.
  private static func square(
    _ values: UnsafeBufferPointer<Float>, _ start: Int, _ signature: UnsafeBufferPointer<Float>,
    below limit: Float
  ) -> Float {
    var sums = SIMD8<Float>()
    var column = 0
    while column + 8 <= signature.count {
      var gap = SIMD8<Float>()
      for lane in 0..<8 { gap[lane] = values[start + column + lane] - signature[column + lane] }
      sums += gap * gap
      column += 8
      if column == 8 || column % 32 == 0, sums.sum() > limit { return .infinity }
    }
    var sum = sums.sum()
    while column < signature.count {
      let gap = values[start + column] - signature[column]
      sum += gap * gap
      column += 1
    }
    return sum
  }

  /// The reach of each kind, and the usual distance of a unit from the next one; nil where too few units
  /// have others of their kind to tell.
  ///
  /// A kind's scale is the distance of its own units from each other, the usual one at least; scales
  /// become reaches by the one factor that leaves ``share`` of all units within reach of another.
  private static func reaches(
    _ seen: [Seen], dimension: Int
  ) -> (reaches: [Double], distance: Double)? {
    var sizes = [Int](repeating: 0, count: (seen.map(\.kind).max() ?? -1) + 1)
    for unit in seen { sizes[unit.kind] += 1 }
    let grouped = seen.indices.filter { sizes[seen[$0].kind] > 1 }
    let tested = spread(grouped.count, limit: testLimit).map { grouped[$0] }
    guard tested.count >= fewest else { return nil }
    let gaps = gaps(of: tested, seen, kinds: sizes.count, dimension: dimension)
    let usual = quantile(gaps.map { $0.min() ?? 0 }, usualShare)
    guard usual > 0 else { return nil }
    let scales = sizes.indices.map { kind in
      let own = zip(tested, gaps).filter { seen[$0.0].kind == kind }.map { $0.1[kind] }
      return own.isEmpty ? usual : max(usual, quantile(own, ownShare))
    }
    let factor = quantile(gaps.map { zip($0, scales).map { $0 / $1 }.min() ?? 0 }, share)
    let reaches = zip(scales, sizes).map { scale, size in
      size > 1 ? scale * factor : max(scale * factor, loneReach)
    }
    return (reaches, usual)
  }

  /// Of each tested unit, the distance of the nearest other one of each kind, `[kinds]`.
  private static func gaps(
    of tested: [Int], _ seen: [Seen], kinds: Int, dimension: Int
  ) -> [[Double]] {
    let values = seen.flatMap(\.signature)
    let kindOf = seen.map(\.kind)
    return tested.map { own in
      var nearest = [Float](repeating: .infinity, count: kinds)
      values.withUnsafeBufferPointer { values in
        let signature = UnsafeBufferPointer(
          rebasing: values[(own * dimension)..<((own + 1) * dimension)])
        for (row, kind) in kindOf.enumerated() where row != own {
          nearest[kind] = min(
            nearest[kind], square(values, row * dimension, signature, below: nearest[kind]))
        }
      }
      return nearest.map { Double($0).squareRoot() }
    }
  }

  private static func quantile(_ values: [Double], _ level: Double) -> Double {
    let sorted = values.sorted()
    return sorted[Int((Double(sorted.count) * level).rounded(.up)) - 1]
  }

  /// The signatures of which none lies within a gap of an earlier one; they reach as much farther, so
  /// that what was within reach stays so.
  private func thinned(gap: Double) -> KnownSignatures {
    let square = Float(gap * gap)
    var kept: [Int] = []
    values.withUnsafeBufferPointer { values in
      for row in reaches.indices {
        let own = UnsafeBufferPointer(
          rebasing: values[(row * dimension)..<((row + 1) * dimension)])
        let isNear = kept.contains {
          Self.square(values, $0 * dimension, own, below: square) <= square
        }
        if !isNear { kept.append(row) }
      }
    }
    return KnownSignatures(
      dimension: dimension,
      values: kept.flatMap { values[($0 * dimension)..<(($0 + 1) * dimension)] },
      reaches: kept.map { reaches[$0] + gap })
  }

  /// No more than so many of `count` indices, evenly spread.
  private static func spread(_ count: Int, limit: Int) -> [Int] {
    let step = max(1, (count + limit - 1) / limit)
    return Array(stride(from: 0, to: count, by: step))
  }
}
