import Birch
import Testing

@testable import Birchlog

@Suite struct TellTalesTests {
  private let vocabulary = Vocabulary(normal: [1, 2, 3], all: [1, 2, 3, 8, 9])

  /// Of 1000 normal units all hold event 1, 960 event 2 and 40 event 3.
  private var normal: CountProfile {
    CountProfile(
      units: [
        (unit: Unit(events: [1, 2]), count: 960), (unit: Unit(events: [1, 3]), count: 40),
      ], vocabulary: vocabulary)
  }

  private func tales(_ units: [[Int32]]) -> [[Int]] {
    TellTales(
      units.map { (unit: Unit(events: $0), weight: 1) }, normal: normal, vocabulary: vocabulary
    ).ofUnits
  }

  @Test func onlyWhatNormalBehaviourDoesNotExplainIsTold() {
    // Columns: 1, 2, 3, 8, 9, unknown; what is missing stands six further.
    #expect(tales([[1, 2, 8], [1, 2, 9, 9]]) == [[3], [4]])
    #expect(tales([[1, 2, 8], [1, 8]]) == [[3], [3, 7]])
  }

  @Test func aCountFarAboveTheUsualTells() {
    #expect(tales([[1, 2], [1, 1, 1, 2]]) == [[], [0]])
  }

  @Test func eventsThatTrainingNeverSawShareAColumn() {
    #expect(tales([[1, 2, 70], [1, 2, 71]]) == [[5], [5]])
  }
}

@Suite struct LabelsByEvidenceTests {
  private func group(_ signs: [Int], units: Int = 4) -> TellTales.Group {
    var group = TellTales.Group()
    for _ in 0..<units { group.add(signs, weight: 1) }
    return group
  }

  /// Two entries at a distance.
  private func dendrogram(_ distance: Double) throws -> Dendrogram {
    try agglomerate(distances: [distance], weights: [4, 4], linkage: .average)
  }

  @Test func groupsThatAreAlikeAreOneKindWhateverTheyShow() throws {
    #expect(
      KindCount.labelsByEvidence(try dendrogram(0.5), groups: [group([1]), group([2])]) == [0, 0])
  }

  @Test func groupsInBetweenArePartedByASignOnBothSides() throws {
    let between = try dendrogram(0.9)
    #expect(
      KindCount.labelsByEvidence(between, groups: [group([0, 1]), group([0, 2])]) == [0, 1])
    #expect(KindCount.labelsByEvidence(between, groups: [group([0, 1]), group([0])]) == [0, 0])
    #expect(KindCount.labelsByEvidence(between, groups: [group([0]), group([0])]) == [0, 0])
  }

  @Test func aFewUnitsThatLackWhatAllOthersShowAreAKindOfTheirOwn() throws {
    let between = try dendrogram(0.9)
    let few = group([0], units: 2)
    #expect(
      KindCount.labelsByEvidence(between, groups: [group([0, 1], units: 98), few]) == [0, 1])
    #expect(
      KindCount.labelsByEvidence(between, groups: [few, group([0, 1], units: 98)]) == [0, 1])
    // Too many to be an exception: the step is optional.
    #expect(
      KindCount.labelsByEvidence(between, groups: [group([0, 1], units: 30), few]) == [0, 0])
    // The others do not all show it.
    var mostly = group([0, 1], units: 88)
    mostly.add(group([0], units: 10))
    #expect(KindCount.labelsByEvidence(between, groups: [mostly, few]) == [0, 0])
  }

  @Test func whatCameOnceIsToldApartByDistanceAlone() throws {
    let once = group([0, 2], units: 1)
    let groups = [group([0, 1], units: 98), once]
    #expect(KindCount.labelsByEvidence(try dendrogram(0.9), groups: groups) == [0, 0])
    #expect(KindCount.labelsByEvidence(try dendrogram(1.2), groups: groups) == [0, 1])
  }

  @Test func groupsThatShareLittleAreTwoKindsWithoutASign() throws {
    #expect(
      KindCount.labelsByEvidence(try dendrogram(1.2), groups: [group([]), group([])]) == [0, 1])
  }

  @Test func whatStaysApartStaysApartFurtherUp() throws {
    // Entries 0 and 1 differ in signs; entry 2 is near their union.
    let tree = try agglomerate(
      distances: [0.8, 0.9, 0.9], weights: [4, 4, 4], linkage: .average)
    let labels = KindCount.labelsByEvidence(tree, groups: [group([1]), group([2]), group([])])
    #expect(labels == [0, 1, 2])
  }
}

@Suite struct MergeClosestTests {
  private func group(_ signs: [Int]) -> TellTales.Group {
    var group = TellTales.Group()
    for _ in 0..<4 { group.add(signs, weight: 1) }
    return group
  }

  private func entries(_ places: [Double]) throws -> [ClusteringFeature] {
    try places.map { try ClusteringFeature(point: [$0], weight: 4) }
  }

  @Test func aGroupThatMayNotJoinItsNeighbourJoinsTheNext() throws {
    let entries = try entries([0, 0.8, 1.7])
    let groups = [group([1]), group([2]), group([2, 3])]
    #expect(KindCount.mergeClosest([0, 1, 2], entries: entries, groups: groups) == [0, 1, 1])
  }

  @Test func kindsThatEvidencePartsStayApart() throws {
    let entries = try entries([0, 0.8, 3])
    let groups = [group([1]), group([2]), group([1])]
    #expect(KindCount.mergeClosest([0, 1, 2], entries: entries, groups: groups) == [0, 1, 2])
  }

  @Test func entriesOfOneKindKeepTogether() throws {
    let entries = try entries([0, 0.1, 0.2, 0.3])
    let groups = [group([1]), group([2]), group([1]), group([2])]
    #expect(
      KindCount.mergeClosest([0, 1, 0, 1], entries: entries, groups: groups) == [0, 0, 0, 0])
  }
}
