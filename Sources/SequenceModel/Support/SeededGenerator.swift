import Glibc

/// SplitMix64 (Steele, Lea & Flood 2014): a generator whose every stream is named by numbers, so
/// that results do not depend on the order in which threads draw.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  /// Starts the stream that belongs to a seed and any further numbers.
  init(_ seed: UInt64, _ stream: UInt64...) {
    state = seed
    for number in stream { state = next() &+ number &* 0xD134_2543_DE82_EF95 }
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in [0, 1).
  mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Uniform in [-bound, bound).
  mutating func symmetric(_ bound: Double) -> Float {
    Float((uniform() * 2 - 1) * bound)
  }

  /// Standard normal, by Box and Muller.
  mutating func normal() -> Float {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return Float(radius * cos(2 * Double.pi * uniform()))
  }

  /// Shuffles in place (Fisher and Yates).
  mutating func shuffle(_ values: inout [Int32]) {
    guard values.count > 1 else { return }
    for last in stride(from: values.count - 1, to: 0, by: -1) {
      let chosen = Int(next().multipliedFullWidth(by: UInt64(last + 1)).high)
      values.swapAt(last, chosen)
    }
  }
}
