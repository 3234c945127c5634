import Testing

@testable import Birchlog

@Suite struct KnownSignaturesTests {
  /// Units of three kinds along three axes; those of the last are few and differ more.
  private static func seen(_ count: Int, seed: UInt64 = 7) -> [KnownSignatures.Seen] {
    var state = seed
    func noise() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 24) - 0.5
    }
    return (0..<count).map { number in
      let kind = number % 60 == 59 ? 2 : number % 2
      var signature = (0..<10).map { _ in noise() * (kind == 2 ? 0.5 : 0.1) }
      signature[kind] += 1
      return (signature, kind)
    }
  }

  private static func isKnown(_ known: KnownSignatures, _ signature: [Float]) -> Bool {
    known.familiarity(of: signature) >= KnownSignatures.smallestFamiliarity
  }

  @Test func newUnitsOfKnownKindsAreMostlyFamiliarAndOthersAreNot() {
    let known = KnownSignatures(Self.seen(300), dimension: 10)
    let fresh = Self.seen(300, seed: 11)
    #expect(fresh.count { !Self.isKnown(known, $0.signature) } <= 20)
    let strange = fresh.map { Array($0.signature.reversed()) }
    #expect(!strange.contains { Self.isKnown(known, $0) })
    // Between two kinds lies neither, though each mean is nearer than kinds are from each other.
    var between = [Float](repeating: 0, count: 10)
    (between[0], between[1]) = (0.7, 0.7)
    #expect(!Self.isKnown(known, between))
  }

  @Test func aSeenUnitIsWhollyFamiliarAndAKindThatVariesReachesFarther() {
    let seen = Self.seen(300)
    let known = KnownSignatures(seen, dimension: 10)
    #expect(known.familiarity(of: seen[0].signature) > 0.99)
    #expect((known.reaches.max() ?? 0) > 1.5 * (known.reaches.min() ?? 0))
  }

  @Test func aVariantOfAKindOfOneUnitIsKnownWhereStageThreeWouldJoinIt() {
    var lone = [Float](repeating: 0, count: 10)
    lone[5] = 1
    let known = KnownSignatures(Self.seen(300) + [(lone, 3)], dimension: 10)
    func moved(_ distance: Float) -> [Float] {
      var signature = lone
      signature[6] = distance
      return signature
    }
    #expect(Self.isKnown(known, moved(0.3)))
    #expect(!Self.isKnown(known, moved(0.5)))
  }

  @Test func ofTooFewUnitsNothingCanBeTold() {
    let few = KnownSignatures(Self.seen(30), dimension: 10)
    #expect(few.count == 0)
    #expect(few.familiarity(of: [Float](repeating: 9, count: 10)) == 1)
  }

  @Test func manyUnitsAreThinnedOut() {
    let seen = Self.seen(1_100)
    let known = KnownSignatures(seen, dimension: 10)
    #expect((1...KnownSignatures.limit).contains(known.count))
    #expect(seen.allSatisfy { Self.isKnown(known, $0.signature) })
  }

  /// Rows that are not looked at whole must not be the nearest: against all distances in double precision.
  @Test(arguments: [3, 16, 41]) func noNearerSignatureIsPassedOver(dimension: Int) {
    var state: UInt64 = 3
    func numbers(_ count: Int, _ scale: Float) -> [Float] {
      (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (Float(state >> 40) / Float(1 << 24) - 0.5) * scale
      }
    }
    let rows = 101
    let values = numbers(rows * dimension, 1)
    let reaches = (0..<rows).map { 0.2 + Double($0 % 7) / 10 }
    let known = KnownSignatures(dimension: dimension, values: values, reaches: reaches)
    for query in 0..<300 {
      let near = values[(query % rows * dimension)..<((query % rows + 1) * dimension)]
      let signature = zip(near, numbers(dimension, Float(query % 5))).map { $0 + $1 }
      let squares = (0..<rows).map { row in
        (0..<dimension).reduce(0.0) {
          let gap = Double(values[row * dimension + $1]) - Double(signature[$1])
          return $0 + gap * gap
        } / (reaches[row] * reaches[row])
      }
      let least = squares.min() ?? 0
      let expected = 1 / (1 + least * least)
      #expect(abs(known.familiarity(of: signature) - expected) <= 1e-5 * max(expected, 1e-3))
    }
  }
}
