/// A small deterministic generator (SplitMix64, Steele, Lea & Flood 2014).
struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// `size` distinct indices below `count`, ascending: a uniform sample without replacement.
  ///
  /// Selection sampling (Knuth 3.4.2, algorithm S), written out so that the choice does not depend
  /// on the standard library's shuffle.
  mutating func sample(_ size: Int, of count: Int) -> [Int] {
    guard size < count else { return Array(0..<max(0, count)) }
    var chosen: [Int] = []
    chosen.reserveCapacity(max(0, size))
    for index in 0..<count where chosen.count < size {
      let remaining = UInt64(count &- index)
      let (high, _) = remaining.multipliedFullWidth(by: next())
      if high < UInt64(size &- chosen.count) {
        chosen.append(index)
      }
    }
    return chosen
  }
}
