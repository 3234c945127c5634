import Testing

@testable import Birchlog

/// Normal units are 1 2 (3 or 4 or 5) 6, in three equal parts.
@Suite struct KindDifferencesTests {
  private let normal = NormalUnits(
    [3, 4, 5].map { (body: [1, 2, $0, 6][...], weight: 500) })
  private let shares: [(event: Int32, share: Double)] =
    [(1, 1), (2, 1), (3, 1 / 3), (4, 1 / 3), (5, 1 / 3), (6, 1), (7, 0)]

  private func evidence(_ units: [[Int32]]) -> [Kind.Evidence] {
    KindBuilder.evidence(
      units.map { (unit: Unit(events: $0), count: 1) },
      vocabulary: Vocabulary(normal: [1, 2, 3, 4, 5, 6], all: [7]),
      normalShare: shares.map(\.share))
  }

  private func kind(_ units: [[Int32]], decisive: Int? = nil) -> Kind {
    Kind(
      id: "k1", isNormal: false, isCandidate: false, size: units.count, distinct: units.count,
      share: 0, silhouette: 0, radius: 0, limit: 0, centroid: [], firstLine: 0,
      evidence: evidence(units),
      samples: units.map {
        Kind.Sample(session: [], firstLine: 0, events: $0, count: 1, decisive: decisive)
      })
  }

  private func differences(_ units: [[Int32]], decisive: Int? = nil) -> KindDifferences {
    KindDifferences(
      of: kind(units, decisive: decisive), units: units.map { (body: $0[...], count: 1) },
      normal: normal, normalShares: shares)
  }

  @Test func whatFewUnitsHaveByChanceSetsNoKindApart() {
    let units: [[Int32]] = [[1, 2, 3, 6], [1, 2, 3, 6], [1, 2, 4, 6]]
    #expect(evidence(units).map(\.event).contains(3))
    #expect(differences(units).evidence.isEmpty)
  }

  @Test func whatManyUnitsHaveInCommonDoes() {
    let units = [[Int32]](repeating: [1, 2, 3, 6], count: 20)
    // That they hold 3 says already that they hold neither 4 nor 5.
    #expect(differences(units).evidence.map(\.event) == [3])
  }

  @Test func whatNormalUnitsNeverHoldOrAlwaysHoldIsToldOfOneUnit() {
    let found = differences([[1, 2, 3, 7]]).evidence
    #expect(found.map(\.event).sorted() == [6, 7])
    #expect(found.filter(\.isMissing).map(\.event) == [6])
  }

  /// All 20 units are of those with 3, as half of the normal ones are; only these have 4, as a rule.
  @Test func aKindIsHeldAgainstNormalUnitsOfItsOwnSort() {
    let normal = NormalUnits([
      (body: [1, 3, 4, 6], weight: 480), (body: [1, 3, 6], weight: 20),
      (body: [1, 5, 6], weight: 500),
    ])
    let shares: [(event: Int32, share: Double)] =
      [(1, 1), (2, 0), (3, 0.5), (4, 0.48), (5, 0.5), (6, 1), (7, 0)]
    let units = [[Int32]](repeating: [1, 3, 4, 6, 7], count: 20)
    var kind = kind(units)
    kind.evidence = KindBuilder.evidence(
      units.map { (unit: Unit(events: $0), count: 1) },
      vocabulary: Vocabulary(normal: [1, 2, 3, 4, 5, 6], all: [7]), normalShare: shares.map(\.share)
    )
    #expect(Set(kind.evidence.map(\.event)) == [3, 4, 5, 7])
    let found = KindDifferences(
      of: kind, units: units.map { (body: $0[...], count: 1) }, normal: normal, normalShares: shares
    )
    #expect(found.evidence.map(\.event) == [7])
  }

  @Test func anEventOutOfItsOrderIsToldWithTheOneItPassed() {
    let late = differences([[1, 3, 6, 2], [1, 4, 6, 2], [1, 5, 2, 6]], decisive: 3).disorder
    #expect(late?.event == 2)
    #expect(late?.other == 6)
    #expect(late?.isLate == true)
    let early = differences([[1, 6, 2, 3], [1, 6, 2, 4]], decisive: 1).disorder
    #expect(early?.event == 6)
    #expect(early?.other == 2)
    #expect(early?.isLate == false)
  }

  @Test func whatNormalUnitsDoTooIsNoDisorder() {
    #expect(differences([[1, 2, 3, 6], [1, 2, 4, 6]], decisive: 2).disorder == nil)
    #expect(differences([[1, 2, 7, 3, 6]], decisive: 2).disorder == nil)
  }

  @Test func theChanceOfAsManyIsThatOfTheBinomialDistribution() {
    #expect(abs(KindDifferences.chance(of: 2, of: 3, share: 0.5) - 0.5) < 1e-12)
    #expect(abs(KindDifferences.chance(of: 3, of: 3, share: 0.1) - 0.001) < 1e-12)
    #expect(KindDifferences.chance(of: 0, of: 3, share: 0.1) == 1)
    // What has died away is left out, and changes nothing: as by summing all terms.
    #expect(abs(KindDifferences.chance(of: 560, of: 1_000, share: 0.5) - 8.3e-5) < 1e-6)
  }

  /// As many as a damaged file may speak of; nobody could wait for a sum over all of them.
  @Test func theChanceOfManyUnitsIsKnownAtOnce() {
    let (many, half) = (1 << 60, 1 << 59)
    #expect(KindDifferences.chance(of: half, of: many, share: 0.5) == 1)
    #expect(KindDifferences.chance(of: half + half / 2, of: many, share: 0.5) == 0)
    #expect(KindDifferences.chance(of: many, of: many, share: 1) == 1)
    #expect(KindDifferences.chance(of: 1, of: many, share: 0) == 0)
  }

  @Test func whereNoNormalUnitIsRememberedTheSharesOfAllDo() {
    let units = [[Int32]](repeating: [1, 2, 3, 6], count: 20)
    let kind = kind(units)
    #expect(kind.evidence.map(\.event).contains(3))
    let found = KindDifferences(
      of: kind, units: units.map { (body: $0[...], count: 1) }, normal: NormalUnits([]),
      normalShares: shares)
    #expect(found.evidence.first?.event == 3)
    #expect(found.disorder == nil)
  }

  @Test func aDamagedFilesCountsOfUnitsAreHeldWithinBounds() throws {
    for (given, kept) in [(-5, 1), (0, 1), (7, 7), (Int.max, Kind.sizeLimit)] {
      var kind = kind([[1, 2, 3, 6]])
      kind.samples[0].count = given
      let read = try #require(Kind(stored: kind.stored, centroid: []))
      #expect(read.samples.map(\.count) == [kept])
    }
  }
}
