/// How many units of each kind came when, in a bounded number of steps whose width grows.
struct Timeline {
  /// Steps at most, and half as many at least once there was enough.
  static let capacity = 96

  /// Width of a step in the unit of the positions.
  private(set) var width: Double
  private(set) var origin: Double?
  /// The first and the last position.
  private(set) var span: ClosedRange<Double>?
  /// Units of each kind by step.
  private(set) var steps: [[String: Int]] = []

  /// - Parameter width: of a step at the start.
  init(width: Double) {
    self.width = width
  }

  /// Counts a unit at a position, which may lie before earlier ones.
  mutating func add(_ kind: String, at position: Double) {
    guard position.isFinite else { return }
    span =
      span.map { min($0.lowerBound, position)...max($0.upperBound, position) }
      ?? position...position
    var start = origin ?? (position / width).rounded(.down) * width
    while position < start || position - start >= width * Double(Self.capacity) {
      guard position < start else {
        widen(from: &start)
        continue
      }
      // Room before the first step: as many empty steps, or wider ones.
      let missing = ((start - position) / width).rounded(.up)
      guard missing + Double(steps.count) <= Double(Self.capacity) else {
        widen(from: &start)
        continue
      }
      steps.insert(contentsOf: repeatElement([:], count: Int(missing)), at: 0)
      start -= missing * width
    }
    origin = start
    let step = Int((position - start) / width)
    while steps.count <= step { steps.append([:]) }
    steps[step][kind, default: 0] += 1
  }

  private mutating func widen(from start: inout Double) {
    let wider = width * 2
    let aligned = (start / wider).rounded(.down) * wider
    let shift = aligned < start ? 1 : 0
    var merged: [[String: Int]] = []
    for (index, counts) in steps.enumerated() {
      let place = (index + shift) / 2
      while merged.count <= place { merged.append([:]) }
      merged[place].merge(counts) { $0 + $1 }
    }
    (steps, start, width) = (merged, aligned, wider)
  }
}
